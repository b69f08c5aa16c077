import { CHIP_SIZE } from '../networks/descriptor.js'
import type { FacePatch } from './face-patch.js'
import { composeSimilarities, fitSimilarity, type Point, type Similarity } from './geometry.js'
import { placeLumaOf } from './luma.js'
import { FIRST_INNER_POINT, MEAN_SHAPE } from './mean-shape.js'
import { sampleSquare } from './resample.js'

export const CHIP_LENGTH = CHIP_SIZE * CHIP_SIZE * 3

/** Empty space around the face in a chip, in sides of the face (dlib, dnn_face_recognition_ex.cpp: get_face_chip_details(shape, 150, 0.25)). */
const PADDING = 0.25

/** The five of the 68 points that place a chip, by what they are. Right and left are the person's own. */
const CHIP_POINTS = {
  left_eye_outer: { index: 45, x: 0.8595674595992, y: 0.2134981538014 },
  left_eye_inner: { index: 42, x: 0.6460604764104, y: 0.2289674387677 },
  right_eye_outer: { index: 36, x: 0.1205750620789, y: 0.2137274526848 },
  right_eye_inner: { index: 39, x: 0.3340850613712, y: 0.2290642403242 },
  nose_base: { index: 33, x: 0.4901123135679, y: 0.6277975316475 },
} as const

export type ChipPointName = keyof typeof CHIP_POINTS

/**
 * Where an upright square around a face lies in the photo, by the five points (dlib, get_face_chip_details).
 * @param points the 68 landmarks, in pixels of the photo
 * @param padding empty space on each side, in sides of the face
 * @param size of the square, in its own pixels
 * @returns from pixels of the square to pixels of the photo
 */
export function alignedSquare(points: readonly Point[], padding: number, size: number): Similarity {
  const places = Object.values(CHIP_POINTS)
  const template = places.map(({ x, y }) => ({
    x: ((x + padding) / (1 + 2 * padding)) * size,
    y: ((y + padding) / (1 + 2 * padding)) * size,
  }))
  return fitSimilarity(
    template,
    places.map(({ index }) => points[index]),
  )
}

/** The five points of the 68 that place a chip. */
export function chipPoints(points: readonly Point[]): Record<ChipPointName, Point> {
  const { left_eye_outer, left_eye_inner, right_eye_outer, right_eye_inner, nose_base } = CHIP_POINTS
  return {
    right_eye_outer: points[right_eye_outer.index],
    right_eye_inner: points[right_eye_inner.index],
    left_eye_inner: points[left_eye_inner.index],
    left_eye_outer: points[left_eye_outer.index],
    nose_base: points[nose_base.index],
  }
}

/** Where the inner face lies in an upright chip, on average, in pixels of the chip. */
const INNER_TEMPLATE: readonly Point[] = MEAN_SHAPE.map(([x, y]) => ({
  x: ((x + PADDING) / (1 + 2 * PADDING)) * CHIP_SIZE,
  y: ((y + PADDING) / (1 + 2 * PADDING)) * CHIP_SIZE,
}))

/** Which chip of a face. */
export interface ChipChoice {
  /** How many pixels of the chip farther down it is cut. */
  readonly lower: number
  /** Whether its mirror image (left and right exchanged) is wanted too. */
  readonly mirrored: boolean
}

/**
 * Samples the face chip the descriptor network was trained on: eyes level, face centred, 150 x 150. It is placed by all
 * points of the inner face, where dlib takes five: their mean is steadier, and in the same place on average.
 * @param points the 68 landmarks, in pixels of the photo
 * @param out 150 x 150 x 3 floats from `offset` on, and the mirror image right after; RGB, 0 to 255
 * @returns where its luma, 150 x 150 floats, lies in the kernels' memory, until the next places are asked for
 */
export function sampleChip(
  patch: FacePatch,
  points: readonly Point[],
  { lower, mirrored }: ChipChoice,
  out: Float32Array,
  offset: number,
): number {
  const placed = fitSimilarity(INNER_TEMPLATE, points.slice(FIRST_INNER_POINT))
  const toPhoto = composeSimilarities(placed, { a: 1, b: 0, tx: 0, ty: lower })
  const toPatch = composeSimilarities(patch.fromPhoto, toPhoto)
  sampleSquare(patch.image, toPatch, CHIP_SIZE, out, offset, mirrored ? offset + CHIP_LENGTH : undefined)
  return placeLumaOf(out.subarray(offset), CHIP_SIZE ** 2)
}
