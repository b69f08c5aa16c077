import { faceDistance } from '../lib/face/crowding.js'
import { type Calibration, readCalibration, thresholdFor } from '../lib/verdict.js'
import { type Pair, photoStem, readPairs } from './lfw-pairs.js'
import type { PhotoChange } from './photo-changes.js'
import { findPhotos } from './photo-files.js'
import { Random } from './random.js'
import { type PhotoAnswer, seePhotos } from './see-photos.js'
import { quantile } from './statistics.js'
import type { SuiteOptions } from './suites/suite.js'

/** False match rates of the thresholds at which the shares are told. */
const RATES = { strict: 1e-4, usual: 1e-3 }

/** Pairs of a quick look. */
const QUICK_PAIRS = 12

/** Something done to the second photo of each pair. */
export interface Condition {
  /** The curve it belongs to, and where on it. */
  readonly curve: string
  readonly value: number
  /**
   * What is done to the photo of a pair.
   * @param otherPhoto path of a photo of somebody else
   */
  changesOf(pair: number, otherPhoto: string): readonly PhotoChange[]
}

/** How the pairs fared under a condition. All shares are of the pairs. */
export interface Fared {
  readonly curve: string
  readonly value: number
  readonly pairs: number
  /** Whose face was found, at the right place. */
  readonly found: number
  /** Taken for the same person at the threshold of a false match rate of 1e-3, and of 1e-4. */
  readonly accepted: number
  readonly accepted_strictly: number
  /** Share of combinations of an changed photo and a reference of somebody else that are taken for the same at 1e-3. */
  readonly false_matches: number
  /** CPU time of an changed photo, from the file to the descriptor. */
  readonly median_milliseconds: number
  readonly longest_milliseconds: number
}

/**
 * Compares the first photo of each pair, as it is, with the second under each condition.
 * @param most pairs, each of a person of its own, left to chance
 * @throws Error when the runtime does not load or a file cannot be read
 */
export async function measureConditions(
  conditions: readonly Condition[],
  most: number,
  options: SuiteOptions,
  signal: AbortSignal,
): Promise<Fared[]> {
  const pairs = await choosePairs(options, most)
  const calibration = await readCalibration(options.preset)
  const references = pairs.map(({ reference }) => ({ path: reference, changes: [] }))
  const changed = conditions.flatMap((condition) =>
    pairs.map(({ live }, i) => {
      return { path: live, changes: condition.changesOf(i, pairs[(i + 1) % pairs.length].live) }
    }),
  )
  const { answers } = await seePhotos([...references, ...changed], options, signal)
  const of = (part: number) => answers.slice(part * pairs.length, (part + 1) * pairs.length)
  return conditions.map(({ curve, value }, i) => ({ curve, value, ...judge(of(0), of(i + 1), calibration) }))
}

/** The paths of pairs of the same person, each of another person. */
export async function choosePairs({ images, pairs, seed, limit, quick }: SuiteOptions, most: number) {
  const list = await readPairs(pairs)
  const chosen = new Map<string, Pair>()
  for (const pair of new Random(seed).shuffle(list.pairs.filter(({ same }) => same))) {
    if (!chosen.has(pair.first.person)) chosen.set(pair.first.person, pair)
  }
  const kept = [...chosen.values()].slice(0, Math.min(most, limit, quick ? QUICK_PAIRS : most))
  const files = await findPhotos({ pairs: kept, folds: 1 }, images)
  const paths = new Map(files.map(({ stem, path }) => [stem, path]))
  return kept.map(({ first, second }) => ({
    reference: paths.get(photoStem(first))!,
    live: paths.get(photoStem(second))!,
  }))
}

function judge(references: readonly PhotoAnswer[], changed: readonly PhotoAnswer[], calibration: Calibration) {
  const usual = thresholdFor(calibration, RATES.usual)
  const strict = thresholdFor(calibration, RATES.strict)
  const distanceOf = (p: PhotoAnswer, q: PhotoAnswer) =>
    p.face && q.face ? faceDistance(p.face.descriptor, q.face.descriptor) : Number.POSITIVE_INFINITY
  const genuine = changed.map((answer, i) => distanceOf(references[i], answer))
  const impostors = changed.flatMap((answer, i) =>
    references.flatMap((reference, j) => (i === j ? [] : [distanceOf(reference, answer)])),
  )
  const shareUpTo = (distances: readonly number[], threshold: number) =>
    distances.filter((distance) => distance <= threshold).length / distances.length
  const milliseconds = changed.map((answer) => answer.cpuMilliseconds)
  return {
    pairs: changed.length,
    found: changed.filter(({ face }) => face?.inMiddle).length / changed.length,
    accepted: shareUpTo(genuine, usual),
    accepted_strictly: shareUpTo(genuine, strict),
    false_matches: shareUpTo(impostors, usual),
    median_milliseconds: quantile(milliseconds, 0.5),
    longest_milliseconds: Math.max(...milliseconds),
  }
}
