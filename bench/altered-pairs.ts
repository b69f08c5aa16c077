import { descriptorDistance } from '../lib/face/descriptors.js'
import { type Calibration, readCalibration, thresholdFor } from '../lib/verdict.js'
import type { Alteration } from './alterations.js'
import type { AlteredContract } from './altered-worker.js'
import { type Pair, photoStem, readPairs } from './lfw-pairs.js'
import { findPhotos } from './photo-files.js'
import { Progress } from './progress.js'
import { Random } from './random.js'
import { quantile } from './statistics.js'
import type { SuiteOptions } from './suites/suite.js'
import { WorkerProcess } from './worker-process.js'

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
   * What is done to the photo of a pair. Undefined: nothing.
   * @param otherPhoto path of a photo of somebody else
   */
  alterationOf(pair: number, otherPhoto: string): Alteration | undefined
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
  /** Share of combinations of an altered photo and a reference of somebody else that are taken for the same at 1e-3. */
  readonly false_matches: number
  /** CPU time of an altered photo, from the file to the descriptor. */
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
  const references = pairs.map(({ reference }) => ({ path: reference, alteration: undefined }))
  const altered = conditions.flatMap((condition) =>
    pairs.map(({ live }, i) => {
      return { path: live, alteration: condition.alterationOf(i, pairs[(i + 1) % pairs.length].live) }
    }),
  )
  const answers = await describeAltered([...references, ...altered], options, signal)
  const of = (part: number) => answers.slice(part * pairs.length, (part + 1) * pairs.length)
  return conditions.map(({ curve, value }, i) => ({ curve, value, ...judge(of(0), of(i + 1), calibration) }))
}

type Request = AlteredContract['request']
type Answer = AlteredContract['answer']

/** The answers to all requests, in their order. */
async function describeAltered(
  requests: readonly Request[],
  { runtime, preset, processes }: SuiteOptions,
  outer: AbortSignal,
): Promise<Answer[]> {
  const script = new URL('./altered-worker.js', import.meta.url)
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const progress = new Progress(requests.length, 'photo')
  const answers = new Array<Answer>(requests.length)
  let next = 0
  const share = async () => {
    const { worker } = await WorkerProcess.start<AlteredContract>(script, [runtime, preset], signal)
    while (next < requests.length) {
      const i = next++
      answers[i] = await worker.ask(requests[i])
      progress.step()
    }
  }
  try {
    await Promise.all(Array.from({ length: processes }, share))
    return answers
  } finally {
    progress.clear()
    stop.abort()
  }
}

/** The paths of pairs of the same person, each of another person. */
async function choosePairs({ images, pairs, seed, limit, quick }: SuiteOptions, most: number) {
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

function judge(references: readonly Answer[], altered: readonly Answer[], calibration: Calibration) {
  const usual = thresholdFor(calibration, RATES.usual)
  const strict = thresholdFor(calibration, RATES.strict)
  const distanceOf = (p: Answer, q: Answer) =>
    p.descriptor && q.descriptor ? descriptorDistance(p.descriptor, q.descriptor) : Number.POSITIVE_INFINITY
  const genuine = altered.map((answer, i) => distanceOf(references[i], answer))
  const impostors = altered.flatMap((answer, i) =>
    references.flatMap((reference, j) => (i === j ? [] : [distanceOf(reference, answer)])),
  )
  const shareUpTo = (distances: readonly number[], threshold: number) =>
    distances.filter((distance) => distance <= threshold).length / distances.length
  const milliseconds = altered.map((answer) => answer.milliseconds)
  return {
    pairs: altered.length,
    found: altered.filter(({ found }) => found).length / altered.length,
    accepted: shareUpTo(genuine, usual),
    accepted_strictly: shareUpTo(genuine, strict),
    false_matches: shareUpTo(impostors, usual),
    median_milliseconds: quantile(milliseconds, 0.5),
    longest_milliseconds: Math.max(...milliseconds),
  }
}
