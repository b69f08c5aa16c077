import { type Box, intersectionOverUnion, scaleSquare, type TurnedSquare } from './geometry.js'

/** A place where the detector sees a face; positions are in pixels. */
export interface Detection {
  readonly box: Box
  /** 0 to 1 */
  readonly score: number
  /** Width over height of the detector's box, before it was cut at a border or turned. */
  readonly aspect: number
  /** Where the face stands upright, if it was found in a turned view of the photo; the box only surrounds it then. */
  readonly square?: TurnedSquare
}

/**
 * Overlap from which two boxes are taken for the same face. face-api takes 0.5, but a box half as wide again around a face
 * overlaps with it by 0.44; two people's faces do not cover each other as much.
 */
const SAME_FACE_OVERLAP = 0.4

/**
 * Keeps of every group of boxes that overlap only the one with the highest score; the result is sorted by score.
 * @param most of them that are kept, which bounds the time that thousands of weak boxes take
 */
export function suppressNonMaxima<Face extends Detection>(
  detections: readonly Face[],
  most = Number.POSITIVE_INFINITY,
): Face[] {
  const kept: Face[] = []
  for (const candidate of detections.toSorted((p, q) => q.score - p.score)) {
    if (kept.length === most) break
    if (kept.every((other) => intersectionOverUnion(candidate.box, other.box) <= SAME_FACE_OVERLAP)) {
      kept.push(candidate)
    }
  }
  return kept
}

/** The same face in a picture `factor` times as large. */
export function scaleDetection({ box, square, ...rest }: Detection, factor: number): Detection {
  const { x, y, width, height } = box
  const scaled = { ...rest, box: { x: x * factor, y: y * factor, width: width * factor, height: height * factor } }
  return square ? { ...scaled, square: scaleSquare(square, factor) } : scaled
}
