import { type Comparison, MOST_OTHERS, type PhotoReport } from '../schemas/compare.js'
import { aboutPhoto, type PhotoField } from './errors.js'
import { analysePhotos, type PhotoAnalysis } from './face/analyse-photos.js'
import { chipPoints } from './face/chip.js'
import { descriptorDistance } from './face/descriptors.js'
import type { Box, Point } from './face/geometry.js'
import { warmUp } from './face/warm-up.js'
import type { CompareOptions, LoadedFaceEngine } from './face-engine.js'
import { openPhoto } from './image/open-photo.js'
import { loadNetworks, type RuntimeChoice } from './runtime/load-networks.js'
import {
  DEFAULT_FALSE_MATCH_RATE,
  falseMatchRateAt,
  LARGEST_DISTANCE,
  readCalibration,
  similarityAt,
  thresholdFor,
} from './verdict.js'
import { readWeightsManifest } from './weights.js'

export interface FaceEngineOptions {
  /** Which runtime; default `auto`, the first that loads. */
  runtime?: RuntimeChoice
  /** Largest distance that counts as the same person. Default: the one calibrated for a false match rate of 1e-3. */
  threshold?: number
  /** Most pixels a photo may have. */
  maxPixels?: number
  /** Whether to run every network once before the engine is given out, so that the first comparison is not slow. */
  warmUp?: boolean
}

/**
 * Loads the networks and gives an engine that compares photos in this process, one comparison after another.
 * @throws Error when the runtime does not load or a weight file is not right
 * @throws RangeError when the threshold is not above 0 and below 2
 */
export async function createFaceEngine(options: FaceEngineOptions = {}): Promise<LoadedFaceEngine> {
  const [calibration, { model }] = await Promise.all([readCalibration(), readWeightsManifest()])
  const defaultThreshold = options.threshold ?? thresholdFor(calibration, DEFAULT_FALSE_MATCH_RATE)
  checkThreshold(defaultThreshold)
  const limits = options.maxPixels === undefined ? undefined : { maxPixels: options.maxPixels }
  const { networks, failed } = await loadNetworks(options.runtime ?? 'auto')
  if (options.warmUp) await warmUp(networks)

  const open = async (path: string, field: PhotoField) => ({
    photo: await aboutPhoto(field, openPhoto(path, limits)),
    field,
  })

  async function compare(referencePath: string, livePath: string, request: CompareOptions = {}): Promise<Comparison> {
    const threshold = request.threshold ?? defaultThreshold
    checkThreshold(threshold)
    request.signal?.throwIfAborted()
    const photos = [await open(referencePath, 'reference_image'), await open(livePath, 'live_image')]
    const [reference, live] = await analysePhotos(networks, photos, request.faces ?? 'largest')
    request.signal?.throwIfAborted()
    const pairs = reference.tried * live.tried
    const distance = round(descriptorDistance(reference.descriptor, live.descriptor), 6)
    return {
      identical: distance <= threshold,
      distance,
      threshold,
      similarity: round(similarityAt(distance, threshold), 4),
      // Each pair of faces that was tried is a chance to be like each other.
      false_match_rate: Math.min(1, Number((pairs * falseMatchRateAt(calibration, distance)).toPrecision(2))),
      engine: networks.runtime,
      model,
      reference_image: reportPhoto(reference),
      live_image: reportPhoto(live),
    }
  }

  return {
    runtime: networks.runtime,
    description: networks.description,
    failed,
    compare,
    readiness: () => ({ ready: true }),
    reserve: () => () => {},
    close: () => networks.close(),
  }
}

function checkThreshold(threshold: number): void {
  if (!(threshold > 0 && threshold < LARGEST_DISTANCE)) {
    throw new RangeError(`the threshold must be above 0 and below ${LARGEST_DISTANCE}; got ${threshold}`)
  }
}

/** Numbers as people read them: positions to a tenth of a pixel, which is finer than the landmarks are. */
function reportPhoto(photo: PhotoAnalysis): PhotoReport {
  const { width, height, faces, chosen, box, score, points, shift, others } = photo
  const { right_eye_outer, right_eye_inner, left_eye_inner, left_eye_outer, nose_base } = chipPoints(points)
  return {
    width,
    height,
    faces,
    chosen,
    face: {
      box: roundBox(box),
      score: round(score, 4),
      points: {
        right_eye_outer: roundPoint(right_eye_outer),
        right_eye_inner: roundPoint(right_eye_inner),
        left_eye_inner: roundPoint(left_eye_inner),
        left_eye_outer: roundPoint(left_eye_outer),
        nose_base: roundPoint(nose_base),
      },
      quality: round(faceQuality(score, shift), 4),
    },
    others: others.slice(0, MOST_OTHERS).map((other) => ({ box: roundBox(other.box), score: round(other.score, 4) })),
  }
}

function roundBox({ x, y, width, height }: Box): Box {
  return { x: round(x, 1), y: round(y, 1), width: round(width, 1), height: round(height, 1) }
}

function roundPoint({ x, y }: Point): Point {
  return { x: round(x, 1), y: round(y, 1) }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** Detector score less twice the shift of the landmarks: what told right faces from wrong ones best among turned copies. */
function faceQuality(score: number, shift: number): number {
  return Math.max(0, score - 2 * shift)
}
