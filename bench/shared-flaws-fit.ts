import { faceDistance } from '../lib/face/crowding.js'
import { type Gains, SHARED_FLAWS, type SharedFlaw, sharedDegree } from '../lib/face/shared-flaws.js'
import { type PoorFace, strangersAmong } from './poor-pairs.js'

/** What is to hold for pairs that share a flaw. */
const FALSE_MATCH_RATE = 1e-3
/** A gain is no larger, and is found to the last of so many halvings of this. */
const LARGEST_GAIN = 2
const HALVINGS = 12
/** As pairs may share two flaws, each gain depends on the others. */
const SWEEPS = 3

/** A pair of strangers that matches unless its distance is made longer. */
interface Near {
  /** The logarithm of how much longer it must become. */
  readonly missing: number
  readonly degrees: Readonly<Record<SharedFlaw, number>>
}

/**
 * Fits the gains of `lib/face/shared-flaws`: of pairs of strangers that are poor in the same way and share a flaw, no more
 * than one in a thousand is to match.
 * @param threshold of that false match rate
 */
export function fitGains(faces: readonly PoorFace[], threshold: number): Gains {
  const near: Near[] = []
  const pairs: Record<SharedFlaw, number> = { unclear: 0, noisy: 0, blurred: 0, too_bright: 0 }
  const kinds = new Set(faces.map(({ kind }) => kind))
  for (const wanted of kinds) {
    for (const [p, q] of strangersAmong(faces.filter(({ kind }) => kind === wanted))) {
      const degrees = degreesOf(p, q)
      for (const flaw of SHARED_FLAWS) if (degrees[flaw] > 0) pairs[flaw]++
      const distance = faceDistance(p.descriptor, q.descriptor)
      if (distance <= threshold) near.push({ missing: Math.log(threshold / distance), degrees })
    }
  }
  const gains: Record<SharedFlaw, number> = { unclear: 0, noisy: 0, blurred: 0, too_bright: 0 }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const flaw of SHARED_FLAWS) {
      const sharing = near.filter(({ degrees }) => degrees[flaw] > 0)
      const wanted = FALSE_MATCH_RATE * pairs[flaw]
      gains[flaw] = leastGain((gain) => countMatches(sharing, { ...gains, [flaw]: gain }) <= wanted)
    }
  }
  return gains
}

function degreesOf(p: PoorFace, q: PoorFace): Near['degrees'] {
  const of = (flaw: SharedFlaw) => sharedDegree(flaw, p.measures, q.measures)
  return { unclear: of('unclear'), noisy: of('noisy'), blurred: of('blurred'), too_bright: of('too_bright') }
}

function countMatches(pairs: readonly Near[], gains: Gains): number {
  return pairs.filter(
    ({ missing, degrees }) => SHARED_FLAWS.reduce((sum, flaw) => sum + gains[flaw] * degrees[flaw], 0) <= missing,
  ).length
}

function leastGain(isEnough: (gain: number) => boolean): number {
  if (isEnough(0)) return 0
  let [low, high] = [0, LARGEST_GAIN]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return Number(high.toFixed(2))
}
