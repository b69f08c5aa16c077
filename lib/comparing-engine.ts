import { FACES, MOST_LIVE_IMAGES, type SamePhotoPolicy } from '../schemas/compare.js'
import { FaceError } from './errors.js'
import { LARGEST_DISTANCE } from './face/largest-distance.js'
import { DEFAULT_PRESET, type PresetName } from './face/presets.js'
import type { FaceDescriber } from './face-describer.js'
import type { FaceEngine } from './face-engine.js'
import { judge, type Standard } from './judge.js'
import {
  type Calibration,
  DEFAULT_FALSE_MATCH_RATE,
  mostTries,
  readCalibration,
  thresholdFor,
  thresholdForTries,
} from './verdict.js'
import { readWeightsManifest } from './weights.js'

/** What a service may set of it. */
export interface StandardOptions {
  /**
   * How often two different people may be taken for the same, within what the calibration covers; the threshold follows
   * from it. Default: `DEFAULT_FALSE_MATCH_RATE`.
   */
  falseMatchRate?: number
  /** What the photos are described by: the calibration is that of the same preset. Default: `DEFAULT_PRESET`. */
  preset?: PresetName
  /** Largest distance that counts as the same person, instead of the one that `falseMatchRate` gives. */
  threshold?: number
  /** What becomes of a live photo that is a copy of the reference photo: reported only, or not identical. Default: `report`. */
  samePhoto?: SamePhotoPolicy
  /** Least quality a face must have to be compared, 0 to 1. Default: 0, any face. */
  minQuality?: number
}

/** @throws RangeError when the threshold is not above 0 and below 2, or the calibration does not cover the false match rate */
export async function readStandard({
  falseMatchRate = DEFAULT_FALSE_MATCH_RATE,
  preset = DEFAULT_PRESET,
  threshold,
  samePhoto = 'report',
  minQuality = 0,
}: StandardOptions): Promise<Standard> {
  const [calibration, { model }] = await Promise.all([readCalibration(preset), readWeightsManifest()])
  const largest = threshold ?? thresholdFor(calibration, falseMatchRate)
  checkThreshold(largest)
  return { calibration, model, threshold: largest, samePhoto, minQuality }
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
    async compare(
      reference,
      live,
      { threshold: asked = standard.threshold, faces = 'largest', signal, onTimings } = {},
    ) {
      checkThreshold(asked)
      checkFaces(faces)
      const lives = [live].flat()
      checkCount(lives.length)
      const threshold = thresholdOfAll(standard.calibration, asked, lives.length)
      const photos = [
        { path: reference, field: 'reference_image' as const },
        ...lives.map((path) => ({ path, field: 'live_image' as const })),
      ]
      const description = await describer.describe(photos, { faces, apart: lives.length > 1, signal })
      const described = performance.now()
      try {
        return judge(description, { ...standard, threshold })
      } finally {
        onTimings?.({ ...description.timings, verdict: performance.now() - described })
      }
    },
    readiness: () => describer.readiness(),
    reserve: () => describer.reserve(),
    close: () => describer.close(),
  }
}

function checkThreshold(threshold: number): void {
  if (!(threshold > 0 && threshold < LARGEST_DISTANCE)) {
    throw new RangeError(`the threshold must be above 0 and below ${LARGEST_DISTANCE}; got ${threshold}`)
  }
}

function checkFaces(faces: string): void {
  if (!FACES.some((choice) => choice === faces)) {
    throw new RangeError(`faces must be one of ${FACES.join(', ')}; got ${faces}`)
  }
}

function checkCount(lives: number): void {
  if (lives === 0 || lives > MOST_LIVE_IMAGES) {
    throw new RangeError(`1 to ${MOST_LIVE_IMAGES} live photos are compared at once; got ${lives}`)
  }
}

/**
 * The threshold for each of several live photos, so that all together are no greater chance for a stranger than one.
 * @throws FaceError when that would need a false match rate so small that none was measured
 */
function thresholdOfAll(calibration: Calibration, threshold: number, lives: number): number {
  const most = mostTries(calibration, threshold)
  if (lives <= Math.max(1, most)) return thresholdForTries(calibration, threshold, lives)
  const message = `At the threshold ${threshold} no more than ${most} live image${most === 1 ? '' : 's'} can be compared at once: for more of them no threshold was measured.`
  throw new FaceError('too_many_live_images', message, 'live_image')
}
