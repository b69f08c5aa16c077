import type { RgbImage } from '../image/rgb-image.js'
import { offCentre } from './find-faces.js'
import type { Box } from './geometry.js'
import type { Detection } from './non-maximum-suppression.js'
import { lumaOf, sharpness } from './sharpness.js'

/** Why a face is the one that counts; each is stable and documented in docs/API.md. */
export const CHOICES = ['only', 'largest', 'central', 'sharpest', 'best_pair'] as const
export type Choice = (typeof CHOICES)[number]

/** Most faces beside the one that counts that are told of. */
export const MOST_OTHERS = 10

/** A face that weighs at least this share of the weightiest one may count in its place: the two are too close to call. */
const RIVAL_WEIGHT = 0.4
/** How many times as sharp as the weightiest face a rival must be: a poster in the background is out of focus. */
const RIVAL_SHARPNESS = 2

/**
 * The faces of a photo, the one that counts first, and why it is that: it is large and near the middle, by
 * area x exp(-4 (distance / longer side)^2). On 834 LFW photos the plain largest box was somebody else than the person in
 * the middle in 4, this one in none. Where another weighs nearly as much and is far sharper, that one counts.
 * @param faces in pixels of the image
 */
export function orderFaces(
  faces: readonly Detection[],
  image: RgbImage,
): { ordered: readonly Detection[]; chosen: Choice } {
  if (faces.length <= 1) return { ordered: faces, chosen: 'only' }
  const ordered = faces.toSorted((p, q) => weightOf(q, image) - weightOf(p, image))
  const sharper = sharperRival(ordered, image)
  if (sharper !== undefined) {
    return { ordered: [sharper, ...ordered.filter((face) => face !== sharper)], chosen: 'sharpest' }
  }
  const largest = faces.every(({ box }) => area(box) <= area(ordered[0].box))
  return { ordered, chosen: largest ? 'largest' : 'central' }
}

function sharperRival([first, ...rest]: readonly Detection[], image: RgbImage): Detection | undefined {
  const rivals = rest.filter((face) => weightOf(face, image) >= RIVAL_WEIGHT * weightOf(first, image))
  if (rivals.length === 0) return undefined
  const measured = rivals.map((face) => ({ face, sharpness: boxSharpness(image, face.box) }))
  const sharpest = measured.reduce((best, rival) => (rival.sharpness > best.sharpness ? rival : best))
  return sharpest.sharpness >= RIVAL_SHARPNESS * boxSharpness(image, first.box) ? sharpest.face : undefined
}

function weightOf({ box }: Detection, image: RgbImage): number {
  return area(box) * Math.exp(-4 * offCentre(box, image) ** 2)
}

/** How sharp the image is inside a box. */
function boxSharpness(image: RgbImage, box: Box): number {
  const [left, top] = [Math.floor(box.x), Math.floor(box.y)]
  const width = Math.min(image.width - left, Math.ceil(box.width))
  const height = Math.min(image.height - top, Math.ceil(box.height))
  const luma = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    lumaOf(image.data, ((top + y) * image.width + left) * 3, width, luma, y * width)
  }
  return sharpness(luma, width, height)
}

function area({ width, height }: Box): number {
  return width * height
}
