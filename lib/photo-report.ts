import { MOST_OTHERS, type PhotoReport } from '../schemas/compare.js'
import type { AnalysedFace, PhotoAnalysis } from './face/analyse-photos.js'
import { chipPoints } from './face/chip.js'
import type { Box, Point } from './face/geometry.js'

/**
 * Numbers as people read them: positions to a tenth of a pixel, which is finer than the landmarks are.
 * @param face the one that counts
 */
export function reportPhoto({ width, height, faces, chosen }: PhotoAnalysis, face: AnalysedFace): PhotoReport {
  const { box, score, points, shift } = face
  const { right_eye_outer, right_eye_inner, left_eye_inner, left_eye_outer, nose_base } = chipPoints(points)
  const others = faces.filter((other) => other.box !== box)
  return {
    width,
    height,
    faces: faces.length,
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

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** Detector score less twice the shift of the landmarks: what told right faces from wrong ones best among turned copies. */
function faceQuality(score: number, shift: number): number {
  return Math.max(0, score - 2 * shift)
}
