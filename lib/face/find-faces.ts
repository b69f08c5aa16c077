import type { RgbImage } from '../image/rgb-image.js'
import type { DetectorOutput, FaceNetworks } from '../runtime/face-networks.js'
import { type Box, boxCentre } from './geometry.js'
import { type Detection, suppressNonMaxima } from './non-maximum-suppression.js'
import { fitIntoSquare } from './resample.js'

/**
 * Sides the detector looks at a photo with, one after another. The smallest comes first because it is the cheapest and
 * because the detector fails on faces that fill a large input, which is what a portrait shows.
 */
export const DETECTOR_SIZES = [128, 256, 512]
/** A score from which the detector need not look again at a larger size. */
const SURE_SCORE = 0.6
/** A score from which something counts as one more face in the photo. */
const FACE_SCORE = 0.5
/** Below this even the best candidate is not taken for a face. */
const LEAST_SCORE = 0.3

/**
 * How far from the middle, in longer sides of the photo, a face may be for the smallest size to do: one farther off may be
 * a poster behind a person who is too small to be found at that size.
 */
const NEAR_MIDDLE = 0.2

/** Finds the faces of several photos at once, each at the first size of the ladder at which one is surely found. */
export async function findFaces(
  networks: FaceNetworks,
  images: readonly RgbImage[],
  everySize: boolean,
): Promise<Detection[][]> {
  const found: Detection[][] = images.map(() => [])
  let pending = images.map((_, i) => i)
  for (const size of DETECTOR_SIZES) {
    const input = new Float32Array(pending.length * size * size * 3)
    pending.forEach((image, i) => {
      fitIntoSquare(images[image], size, input, i * size * size * 3)
    })
    const output = await networks.detect(input, size, pending.length)
    pending.forEach((image, i) => {
      found[image].push(...readDetections(output, i, pending.length, images[image]))
    })
    if (!everySize) {
      const suffices = (face: Detection, image: RgbImage) =>
        face.score >= SURE_SCORE && (size > DETECTOR_SIZES[0] || offCentre(face.box, image) <= NEAR_MIDDLE)
      pending = pending.filter((image) => !found[image].some((face) => suffices(face, images[image])))
    }
    if (pending.length === 0) break
  }
  return found.map((detections) => {
    const distinct = suppressNonMaxima(detections)
    const best = distinct.length > 0 ? distinct[0].score : 0
    return distinct.filter(({ score }) => score >= FACE_SCORE || score === best)
  })
}

/** The detector's boxes for one image of a batch, in pixels of the image and cut at its borders. */
function readDetections({ boxes, scores }: DetectorOutput, index: number, count: number, image: RgbImage): Detection[] {
  const anchors = scores.length / count
  const side = Math.max(image.width, image.height)
  const detections: Detection[] = []
  for (let i = index * anchors; i < (index + 1) * anchors; i++) {
    if (scores[i] < LEAST_SCORE) continue
    const left = Math.max(0, boxes[4 * i + 1] * side)
    const top = Math.max(0, boxes[4 * i] * side)
    const right = Math.min(image.width, boxes[4 * i + 3] * side)
    const bottom = Math.min(image.height, boxes[4 * i + 2] * side)
    if (right - left < 1 || bottom - top < 1) continue
    detections.push({ box: { x: left, y: top, width: right - left, height: bottom - top }, score: scores[i] })
  }
  return detections
}

/** Distance of a box from the middle of the image, in longer sides of the image. */
export function offCentre(box: Box, { width, height }: RgbImage): number {
  const centre = boxCentre(box)
  return Math.hypot(centre.x - width / 2, centre.y - height / 2) / Math.max(width, height)
}
