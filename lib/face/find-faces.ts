import type { DetectorOutput, FaceNetworks } from '../runtime/face-networks.js'
import { type Box, boxCentre } from './geometry.js'
import { type Detection, suppressNonMaxima } from './non-maximum-suppression.js'
import { withScratch } from './scratch.js'
import { drawViews, inPhoto, type View, viewExtent, viewSide } from './view.js'

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
export const NEAR_MIDDLE = 0.2

/** Finds the faces of several photos at once, each at the first size of the ladder at which one is surely found. */
export async function findFaces(
  networks: FaceNetworks,
  views: readonly View[],
  everySize: boolean,
): Promise<Detection[][]> {
  if (views.length === 0) return []
  const found: Detection[][] = views.map(() => [])
  let pending = views.map((_, i) => i)
  for (const size of DETECTOR_SIZES) {
    const seen = await detect(
      networks,
      pending.map((view) => views[view]),
      size,
    )
    pending.forEach((view, i) => {
      found[view].push(...seen[i])
    })
    if (!everySize) {
      const suffices = (face: Detection, view: View) =>
        face.score >= SURE_SCORE && (size > DETECTOR_SIZES[0] || offCentre(face.box, viewExtent(view)) <= NEAR_MIDDLE)
      pending = pending.filter((view) => !found[view].some((face) => suffices(face, views[view])))
    }
    if (pending.length === 0) break
  }
  return found.map((detections, i) => distinctFaces(detections, views[i]))
}

/** The faces of several views at one size of the detector's input. */
export async function findFacesAt(
  networks: FaceNetworks,
  views: readonly View[],
  size: number,
): Promise<Detection[][]> {
  if (views.length === 0) return []
  const seen = await detect(networks, views, size)
  return seen.map((detections, i) => distinctFaces(detections, views[i]))
}

/**
 * Whatever the detector sees in views of one picture, at one size of its input, however unsure it is.
 * @returns the surest first and no more than `most`, as they lie in the picture
 */
export async function findTraces(
  networks: FaceNetworks,
  views: readonly View[],
  size: number,
  leastScore: number,
  most: number,
): Promise<Detection[]> {
  const seen = await detect(networks, views, size, leastScore)
  const inPicture = seen.flatMap((detections, i) => detections.map((one) => inPhoto(one, views[i])))
  return suppressNonMaxima(inPicture, most)
}

/** One run of the detector; what it sees of each view is in pixels of the photo from the view's upper left corner on. */
async function detect(
  networks: FaceNetworks,
  views: readonly View[],
  size: number,
  leastScore = LEAST_SCORE,
): Promise<Detection[][]> {
  const output = await withScratch(views.length * size * size * 3, (input) => {
    drawViews(views, size, input)
    return networks.detect(input, size, views.length)
  })
  return views.map((view, i) => readDetections(output, i, views.length, view, leastScore))
}

/** Of boxes over the same face the best, as it lies in the photo; only the surest where none is a face for sure. */
function distinctFaces(detections: readonly Detection[], view: View): Detection[] {
  const distinct = suppressNonMaxima(detections)
  const best = distinct.length > 0 ? distinct[0].score : 0
  return distinct
    .filter(({ score }) => score >= FACE_SCORE || score === best)
    .map((detection) => inPhoto(detection, view))
}

/** The detector's boxes for one view of a batch, cut at the borders of the view. */
function readDetections(
  { boxes, scores }: DetectorOutput,
  index: number,
  count: number,
  view: View,
  leastScore: number,
): Detection[] {
  const anchors = scores.length / count
  const side = viewSide(view)
  const { width, height } = viewExtent(view)
  const detections: Detection[] = []
  for (let i = index * anchors; i < (index + 1) * anchors; i++) {
    if (scores[i] < leastScore) continue
    const [y1, x1, y2, x2] = boxes.subarray(4 * i, 4 * i + 4)
    const left = Math.max(0, x1 * side)
    const top = Math.max(0, y1 * side)
    const right = Math.min(width, x2 * side)
    const bottom = Math.min(height, y2 * side)
    if (right - left < 1 || bottom - top < 1) continue
    const box = { x: left, y: top, width: right - left, height: bottom - top }
    detections.push({ box, score: scores[i], aspect: (x2 - x1) / (y2 - y1) })
  }
  return detections
}

/** Distance of a box from the middle of the image, in longer sides of the image. */
export function offCentre(box: Box, { width, height }: { readonly width: number; readonly height: number }): number {
  const centre = boxCentre(box)
  return Math.hypot(centre.x - width / 2, centre.y - height / 2) / Math.max(width, height)
}
