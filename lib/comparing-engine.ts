import type { Comparison, SamePhotoPolicy } from '../schemas/compare.js'
import { FaceError, PHOTO_FIELDS, type PhotoField } from './errors.js'
import { bestPair } from './face/best-pair.js'
import { DEFAULT_PRESET, type PresetName } from './face/presets.js'
import { adviceFor } from './face/quality.js'
import { isSamePhoto, type PrintedPhoto } from './face/same-photo.js'
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
  readonly samePhoto: SamePhotoPolicy
  /** Least quality a face must have to be compared. */
  readonly minQuality: number
}

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
    async compare(reference, live, { threshold = standard.threshold, faces = 'largest', signal, onTimings } = {}) {
      checkThreshold(threshold)
      const photos = [
        { path: reference, field: 'reference_image' },
        { path: live, field: 'live_image' },
      ] as const
      const description = await describer.describe(photos, { faces, signal })
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

function judge({ engine, photos }: Description, standard: Standard): Comparison {
  const { calibration, model, threshold } = standard
  const [references, lives] = photos.map((faces, i) => goodEnough(faces, standard.minQuality, PHOTO_FIELDS[i]))
  const best = bestPair(references, lives)
  const [reference, live] = best.pair
  const distance = round(best.distance, 6)
  const pairs = references.length * lives.length
  const samePhoto = isSamePhoto(printed(reference), printed(live))
  const refused = samePhoto && standard.samePhoto === 'refuse' && distance <= threshold
  return {
    identical: distance <= threshold && !refused,
    ...(refused ? { reason: 'same_photo' as const } : {}),
    distance,
    threshold,
    similarity: round(similarityAt(distance, threshold), 4),
    // Each pair of faces that was tried is a chance to be like each other.
    false_match_rate: Math.min(1, Number((pairs * falseMatchRateAt(calibration, distance)).toPrecision(2))),
    same_photo: samePhoto,
    engine,
    model,
    reference_image: reference.report,
    live_image: live.report,
  }
}

type Candidate = Description['photos'][number][number]

/** The faces that may be compared. @throws FaceError `low_quality` where none may */
function goodEnough(faces: readonly Candidate[], least: number, field: PhotoField): readonly Candidate[] {
  const good = faces.filter(({ report }) => report.face.quality >= least)
  if (good.length > 0) return good
  const { quality, flaws } = faces[0].report.face
  const message = `The quality of the face is ${quality}; at least ${least} is needed. ${adviceFor(flaws)}`
  throw new FaceError('low_quality', message, field)
}

function printed({ print, descriptor }: Candidate): PrintedPhoto {
  return { print: Buffer.from(print, 'base64'), descriptor }
}

function checkThreshold(threshold: number): void {
  if (!(threshold > 0 && threshold < LARGEST_DISTANCE)) {
    throw new RangeError(`the threshold must be above 0 and below ${LARGEST_DISTANCE}; got ${threshold}`)
  }
}
