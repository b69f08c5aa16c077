import type { Comparison } from '../schemas/compare.js'
import { bestPair } from './face/best-pair.js'
import type { Description, FaceDescriber } from './face-describer.js'
import type { FaceEngine } from './face-engine.js'
import { round } from './photo-report.js'
import {
  type Calibration,
  DEFAULT_FALSE_MATCH_RATE,
  falseMatchRateAt,
  LARGEST_DISTANCE,
  readCalibration,
  similarityAt,
  thresholdFor,
} from './verdict.js'
import { readWeightsManifest } from './weights.js'

/** What descriptions are judged by. */
export interface Standard {
  readonly calibration: Calibration
  /** The descriptor network. */
  readonly model: string
  /** Largest distance that counts as the same person, unless a comparison has its own. */
  readonly threshold: number
}

/**
 * @param threshold default: the one calibrated for a false match rate of 1e-3
 * @throws RangeError when the threshold is not above 0 and below 2
 */
export async function readStandard(threshold?: number): Promise<Standard> {
  const [calibration, { model }] = await Promise.all([readCalibration(), readWeightsManifest()])
  const standard = { calibration, model, threshold: threshold ?? thresholdFor(calibration, DEFAULT_FALSE_MATCH_RATE) }
  checkThreshold(standard.threshold)
  return standard
}

/** An engine that has photos described, wherever that is done, and compares the descriptions here. */
export function comparingEngine(describer: FaceDescriber, standard: Standard): FaceEngine {
  return {
    get runtime() {
      return describer.runtime
    },
    get description() {
      return describer.description
    },
    get failed() {
      return describer.failed
    },
    async compare(reference, live, { threshold = standard.threshold, faces = 'largest', signal, onTimings } = {}) {
      checkThreshold(threshold)
      const photos = [
        { path: reference, field: 'reference_image' },
        { path: live, field: 'live_image' },
      ] as const
      const description = await describer.describe(photos, { faces, signal })
      onTimings?.(description.timings)
      return judge(description, { ...standard, threshold })
    },
    readiness: () => describer.readiness(),
    reserve: () => describer.reserve(),
    close: () => describer.close(),
  }
}

function judge({ engine, photos }: Description, { calibration, model, threshold }: Standard): Comparison {
  const [references, lives] = photos
  const best = bestPair(references, lives)
  const [reference, live] = best.pair
  const distance = round(best.distance, 6)
  const pairs = references.length * lives.length
  return {
    identical: distance <= threshold,
    distance,
    threshold,
    similarity: round(similarityAt(distance, threshold), 4),
    // Each pair of faces that was tried is a chance to be like each other.
    false_match_rate: Math.min(1, Number((pairs * falseMatchRateAt(calibration, distance)).toPrecision(2))),
    engine,
    model,
    reference_image: reference.report,
    live_image: live.report,
  }
}

function checkThreshold(threshold: number): void {
  if (!(threshold > 0 && threshold < LARGEST_DISTANCE)) {
    throw new RangeError(`the threshold must be above 0 and below ${LARGEST_DISTANCE}; got ${threshold}`)
  }
}
