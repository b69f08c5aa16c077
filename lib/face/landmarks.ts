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
import { sampleSquare } from './resample.js'
import { withScratch } from './scratch.js'

const CROP_LENGTH = LANDMARK_CROP_SIZE * LANDMARK_CROP_SIZE * 3
/**
 * Shift between two passes, in eye distances, up to which the landmarks count as settled: 99 % of the faces of LFW settle
 * with the first pass over an upright crop.
 */
const SETTLED_SHIFT = 0.1
/** Passes over an upright crop after which a face that does not settle is left as it is. */
const MOST_REFINEMENTS = 3
/** Side of the upright crop in sides of the points' bounding box, and how far above its centre it is centred (networks measured). */
const CROP_SCALE = 1.25
const CROP_RISE = 0.06

/** A face of which the landmarks are wanted. */
export interface FaceToLocate {
  readonly patch: FacePatch
  /** The detector's box, in pixels of the photo. */
  readonly box: Box
  /** Where the face stands upright, if it does not in the box. */
  readonly square?: TurnedSquare
}

/** Where the 68 points of a face are. */
export interface Landmarks {
  /** In pixels of the photo, in the iBUG 300-W order. */
  readonly points: readonly Point[]
  /** Mean distance that the last pass moved the 68 points by, in eye distances. Landmarks that do not settle are wrong. */
  readonly shift: number
  /** The same, added up over all passes: how far the first guess was from where the points settled. */
  readonly drift: number
}

/** What the landmark network is shown of a face. */
interface Crop {
  /** From the crop to the photo. */
  readonly square: Similarity
  /** What lies outside is black; default: nothing. */
  readonly box?: Box
}

/**
 * Finds the 68 points of several faces: first in the detector's box, then again in a crop that the points found so far
 * have turned upright, which is what makes tilted faces work; and again where that moved them far.
 */
export async function locateLandmarks(networks: FaceNetworks, faces: readonly FaceToLocate[]): Promise<Landmarks[]> {
  if (faces.length === 0) return []
  const first = await findPoints(networks, faces, firstCrop)
  const found = first.map((points) => ({ points, shift: Number.POSITIVE_INFINITY, drift: 0 }))
  for (let refinement = 0; refinement < MOST_REFINEMENTS; refinement++) {
    const pending = faces.flatMap((face, i) => (found[i].shift > SETTLED_SHIFT ? [{ ...face, i }] : []))
    if (pending.length === 0) break
    const refined = await findPoints(networks, pending, ({ i }) => ({
      square: squareOnto(uprightSquare(found[i].points)),
    }))
    refined.forEach((points, k) => {
      const { i } = pending[k]
      const shift = meanShift(found[i].points, points)
      found[i] = { points, shift, drift: found[i].drift + shift }
    })
  }
  return found
}

/** One pass of the network over a crop of each face. */
async function findPoints<Face extends FaceToLocate>(
  networks: FaceNetworks,
  faces: readonly Face[],
  cropOf: (face: Face) => Crop,
): Promise<Point[][]> {
  const shown = faces.map(cropOf)
  const output = await withScratch(faces.length * CROP_LENGTH, (crops) => {
    shown.forEach(({ square, box }, i) => {
      const { patch } = faces[i]
      const toPatch = composeSimilarities(patch.fromPhoto, square)
      sampleSquare(patch.image, toPatch, LANDMARK_CROP_SIZE, crops, i * CROP_LENGTH, box && windowOf(patch, box))
    })
    return networks.landmarks(crops, faces.length)
  })
  return shown.map(({ square }, i) => readPoints(output, i * 2 * LANDMARK_COUNT, square))
}

/** The detector's box, squared around its centre. */
function firstCrop({ box, square }: FaceToLocate): Crop {
  if (square) return { square: squareOnto(square) }
  return { square: squareToImage(boxCentre(box), Math.max(box.width, box.height), 0, LANDMARK_CROP_SIZE), box }
}

/** From a crop to a square of the photo. */
function squareOnto({ centre, side, turn }: TurnedSquare): Similarity {
  return squareToImage(centre, side, turn, LANDMARK_CROP_SIZE)
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

function windowOf({ fromPhoto }: FacePatch, { x, y, width, height }: Box) {
  const upperLeft = applySimilarity(fromPhoto, { x, y })
  const lowerRight = applySimilarity(fromPhoto, { x: x + width, y: y + height })
  return { left: upperLeft.x, top: upperLeft.y, right: lowerRight.x, bottom: lowerRight.y }
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
