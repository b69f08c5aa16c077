import { LANDMARK_COUNT, LANDMARK_CROP_SIZE } from '../networks/landmarks.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import type { FacePatch } from './face-patch.js'
import {
  applySimilarity,
  type Box,
  boundingBox,
  boxCentre,
  composeSimilarities,
  distance,
  invertSimilarity,
  meanPoint,
  type Point,
  type Similarity,
  squareToImage,
  type TurnedSquare,
} from './geometry.js'
import { misfit } from './misfit.js'
import { sampleSquare } from './resample.js'
import { withScratch } from './scratch.js'

const CROP_LENGTH = LANDMARK_CROP_SIZE * LANDMARK_CROP_SIZE * 3
/** Shift between two passes, in eye distances, up to which the landmarks count as settled: of 99.7 % of the faces of LFW. */
const SETTLED_SHIFT = 0.1
/** Misfit up to which the points of the first pass count as they are: of 94 % of the faces of LFW. */
const MOST_MISFIT = 1
/** Passes over an upright crop after which a face that does not settle is left as it is. */
const MOST_REFINEMENTS = 3
/**
 * The first crop is where the upright one is on average: its side in cube roots of height x width^2 of the detector's box,
 * which is off by 4 % where the height alone is by 7 %, and how far below the middle of the box it is centred, in its own sides
 * (on average it would be 0.12; what is best for accuracy lies within what can be measured, docs/ACCURACY.md).
 */
const FIRST_SCALE = 1.219
const FIRST_DROP = 0.1
/** Height over width of the detector's boxes, where the one that a face was found in is not known. */
export const USUAL_ASPECT = 1.484
/** Side of the upright crop in sides of the points' bounding box, and how far above its centre it is centred (networks measured). */
const CROP_SCALE = 1.25
const CROP_RISE = 0.06

/** A face of which the landmarks are wanted. */
export interface FaceToLocate {
  readonly patch: FacePatch
  /** The detector's box, in pixels of the photo. */
  readonly box: Box
  /** Of the detector. */
  readonly score: number
  /** Where the face stands upright, if it does not in the box. */
  readonly square?: TurnedSquare
}

/** Where the 68 points of a face are. */
export interface Landmarks {
  /** In pixels of the photo, in the iBUG 300-W order. */
  readonly points: readonly Point[]
  /**
   * Mean distance that the last pass moved the 68 points by, in eye distances; 0 where one pass was enough. Landmarks that do
   * not settle are wrong.
   */
  readonly shift: number
  /** The same, added up over all passes: how far the first guess was from where the points settled. */
  readonly drift: number
  /** How unlike those of an upright face in the middle of its crop the points of the last pass are: see `misfit`. */
  readonly misfit: number
}

/**
 * Finds the 68 points of several faces: first where the detector's box says that they are. Points that do not lie there as those
 * of an upright face are looked for again, in a crop that they have turned upright, which is what makes tilted faces
 * work; and again where that moved them far.
 * @param again whether all are looked for a second time, to tell how far they drift
 */
export async function locateLandmarks(
  networks: FaceNetworks,
  faces: readonly FaceToLocate[],
  again = false,
): Promise<Landmarks[]> {
  if (faces.length === 0) return []
  const first = await findPoints(networks, faces, firstCrop)
  const found = first.map((points, i) => {
    const unlike = misfitIn(firstCrop(faces[i]), points, faces[i])
    const shift = unlike <= MOST_MISFIT && !again ? 0 : Number.POSITIVE_INFINITY
    return { points, shift, drift: 0, misfit: unlike }
  })
  for (let refinement = 0; refinement < MOST_REFINEMENTS; refinement++) {
    const pending = faces.flatMap((face, i) => (found[i].shift > SETTLED_SHIFT ? [{ ...face, i }] : []))
    if (pending.length === 0) break
    const refined = await findPoints(networks, pending, ({ i }) => uprightSquare(found[i].points))
    refined.forEach((points, k) => {
      const { i } = pending[k]
      const { points: before, drift } = found[i]
      const shift = meanShift(before, points)
      const unlike = misfitIn(uprightSquare(before), points, pending[k])
      found[i] = { points, shift, drift: drift + shift, misfit: unlike }
    })
  }
  return found
}

function misfitIn(crop: TurnedSquare, points: readonly Point[], { score }: FaceToLocate): number {
  return misfit({ points, crop, wanted: uprightSquare(points), score })
}

/** One pass of the network over a crop of each face. */
async function findPoints<Face extends FaceToLocate>(
  networks: FaceNetworks,
  faces: readonly Face[],
  cropOf: (face: Face) => TurnedSquare,
): Promise<Point[][]> {
  const toPhoto = faces.map((face) => {
    const { centre, side, turn } = cropOf(face)
    return squareToImage(centre, side, turn, LANDMARK_CROP_SIZE)
  })
  const output = await withScratch(faces.length * CROP_LENGTH, (crops) => {
    faces.forEach(({ patch: { image, fromPhoto } }, i) => {
      sampleSquare(image, composeSimilarities(fromPhoto, toPhoto[i]), LANDMARK_CROP_SIZE, crops, i * CROP_LENGTH)
    })
    return networks.landmarks(crops, faces.length)
  })
  return toPhoto.map((square, i) => readPoints(output, i * 2 * LANDMARK_COUNT, square))
}

/** Where the upright crop is likely to be, by the detector's box. */
function firstCrop({ box, square }: FaceToLocate): TurnedSquare {
  const { width, height } = square ? { width: square.side / USUAL_ASPECT, height: square.side } : box
  const { centre, turn } = square ?? { centre: boxCentre(box), turn: 0 }
  const side = FIRST_SCALE * Math.cbrt(height * width ** 2)
  const drop = FIRST_DROP * side
  return { centre: { x: centre.x - Math.sin(turn) * drop, y: centre.y + Math.cos(turn) * drop }, side, turn }
}

/** The box of which `firstCrop` makes that crop, of the usual shape. */
export function usualBox({ centre, side }: TurnedSquare): Box {
  const height = (side * Math.cbrt(USUAL_ASPECT ** 2)) / FIRST_SCALE
  const width = height / USUAL_ASPECT
  return { x: centre.x - width / 2, y: centre.y - FIRST_DROP * side - height / 2, width, height }
}

/** A square around the points in which the line through the eyes is level. */
export function uprightSquare(points: readonly Point[]): TurnedSquare {
  const { rightEye, leftEye } = eyeCentres(points)
  const angle = Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x)
  const turn = { a: Math.cos(angle), b: -Math.sin(angle), tx: 0, ty: 0 }
  const box = boundingBox(points.map((point) => applySimilarity(turn, point)))
  const middle = boxCentre(box)
  const centre = applySimilarity(invertSimilarity(turn), { x: middle.x, y: middle.y - CROP_RISE * box.height })
  return { centre, side: CROP_SCALE * Math.max(box.width, box.height), turn: angle }
}

function readPoints(output: Float32Array, offset: number, square: Similarity): Point[] {
  return Array.from({ length: LANDMARK_COUNT }, (_, i) =>
    applySimilarity(square, {
      x: output[offset + 2 * i] * LANDMARK_CROP_SIZE,
      y: output[offset + 2 * i + 1] * LANDMARK_CROP_SIZE,
    }),
  )
}

function meanShift(before: readonly Point[], after: readonly Point[]): number {
  const { rightEye, leftEye } = eyeCentres(after)
  const shifts = after.map((point, i) => distance(point, before[i]))
  return shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length / Math.max(distance(rightEye, leftEye), 1e-6)
}

/** The centres of the eyes; right and left are the person's own, so the right eye is on the left of the picture. */
export function eyeCentres(points: readonly Point[]): { rightEye: Point; leftEye: Point } {
  return { rightEye: meanPoint(points.slice(36, 42)), leftEye: meanPoint(points.slice(42, 48)) }
}
