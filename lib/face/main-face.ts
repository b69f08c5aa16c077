import type { PixelRect } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { kernels } from '../kernels/pixel-kernels.js'
import { offCentre } from './find-faces.js'
import { type Box, type Point, squareToImage } from './geometry.js'
import { uprightSquare, usualBox } from './landmarks.js'
import type { Detection } from './non-maximum-suppression.js'
import { cropImage, placeLuma, shrinkByWholeFactor } from './resample.js'

interface Extent {
  readonly width: number
  readonly height: number
}

/** Why a face is the one that counts; each is stable and documented in docs/API.md. */
export const CHOICES = ['only', 'largest', 'central', 'sharpest', 'best_pair'] as const
export type Choice = (typeof CHOICES)[number]

/** Most faces beside the one that counts that are told of. */
export const MOST_OTHERS = 10

/** A face that weighs at least this share of the first by its box may be heavier by its landmarks. */
const NEARLY = 0.7
/** A face that weighs at least this share of the weightiest one may count in its place: the two are too close to call. */
const RIVAL_WEIGHT = 0.4
/** How many times as sharp as the weightiest face a rival must be: a poster in the background is out of focus. */
const RIVAL_SHARPNESS = 2
/** Longer side of the boxes, in pixels, at which the sharpness of faces is compared, at most: what is out of focus shows there too. */
const MOST_SIDE = 100

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
  const ordered = faces.toSorted((p, q) => weightOf(q.box, image) - weightOf(p.box, image))
  const sharper = sharperRival(ordered, image)
  if (sharper !== undefined) {
    return { ordered: [sharper, ...ordered.filter((face) => face !== sharper)], chosen: 'sharpest' }
  }
  const largest = faces.every(({ box }) => area(box) <= area(ordered[0].box))
  return { ordered, chosen: largest ? 'largest' : 'central' }
}

/** Faces that may be heavier than the first one by their landmarks: boxes of the detector are too rough to tell. */
export function nearlyAsHeavy<Face extends Detection>([first, ...rest]: readonly Face[], photo: Extent): Face[] {
  return rest.filter((face) => weightOf(face.box, photo) >= NEARLY * weightOf(first.box, photo))
}

/**
 * The same faces, but first of those that are nearly as heavy the one that is the heaviest by its landmarks, unless sharpness
 * decided.
 * @param faces as they were ordered by their boxes, in pixels of the photo
 * @param pointsOf the landmarks of a face, where they are known
 * @param mayWin whether a face may count because of its landmarks; what seemed larger than it is may only lose by them
 */
export function orderByLandmarks(
  faces: readonly Detection[],
  chosen: Choice,
  pointsOf: (face: Detection) => readonly Point[] | undefined,
  mayWin: (face: Detection) => boolean,
  photo: Extent,
): { ordered: readonly Detection[]; chosen: Choice } {
  if (faces.length <= 1) return { ordered: faces, chosen: 'only' }
  if (chosen === 'sharpest') return { ordered: faces, chosen }
  const boxOf = (face: Detection) => {
    const points = pointsOf(face)
    return points ? usualBox(uprightSquare(points)) : face.box
  }
  const heavier = (p: Detection, q: Detection) => (weightOf(boxOf(q), photo) > weightOf(boxOf(p), photo) ? q : p)
  const rivals = nearlyAsHeavy(faces, photo).filter(mayWin)
  const main = rivals.reduce(heavier, faces[0])
  const largest = faces.every((face) => area(boxOf(face)) <= area(boxOf(main)))
  return { ordered: [main, ...faces.filter((face) => face !== main)], chosen: largest ? 'largest' : 'central' }
}

function sharperRival([first, ...rest]: readonly Detection[], image: RgbImage): Detection | undefined {
  const rivals = rest.filter((face) => weightOf(face.box, image) >= RIVAL_WEIGHT * weightOf(first.box, image))
  if (rivals.length === 0) return undefined
  // The smaller a picture is made the sharper it seems, so that all are looked at in one size.
  const side = Math.min(MOST_SIDE, ...[first, ...rivals].map(({ box }) => longerSide(box)))
  const measured = rivals.map((face) => ({ face, sharpness: boxSharpness(image, face.box, side) }))
  const sharpest = measured.reduce((best, rival) => (rival.sharpness > best.sharpness ? rival : best))
  return sharpest.sharpness >= RIVAL_SHARPNESS * boxSharpness(image, first.box, side) ? sharpest.face : undefined
}

function weightOf(box: Box, photo: Extent): number {
  return area(box) * Math.exp(-4 * offCentre(box, photo) ** 2)
}

/** How sharp the square in the middle of a box is where the longer side of the box is made so many pixels long. */
function boxSharpness(image: RgbImage, box: Box, side: number): number {
  const scale = longerSide(box) / side
  const factor = Math.max(1, Math.floor(scale))
  const part = insideOf(image, box)
  const shrunk = shrinkByWholeFactor(cropImage(image, part), factor)
  const size = Math.max(1, Math.floor((Math.min(part.width, part.height) / longerSide(box)) * side))
  const centre = { x: shrunk.width / 2, y: shrunk.height / 2 }
  const luma = placeLuma(shrunk, squareToImage(centre, (size * scale) / factor, 0, size), size)
  return kernels.sharpness(luma, size, size)
}

/** The whole pixels of an image that a box covers. */
function insideOf(image: RgbImage, { x, y, width, height }: Box): PixelRect {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  return {
    left,
    top,
    width: Math.min(image.width - left, Math.ceil(width)),
    height: Math.min(image.height - top, Math.ceil(height)),
  }
}

function longerSide({ width, height }: Box): number {
  return Math.max(width, height)
}

function area({ width, height }: Box): number {
  return width * height
}
