import type { PhotoReport } from '../schemas/compare.js'
import type { AnalysedFace, PhotoAnalysis } from './face/analyse-photos.js'
import { chipPoints } from './face/chip.js'
import { measureFace } from './face/face-measures.js'
import type { Box, Point } from './face/geometry.js'
import { MOST_OTHERS } from './face/main-face.js'
import { flawsOf, qualityOf } from './face/quality.js'

/**
 * Numbers as people read them: positions to a tenth of a pixel, which is finer than the landmarks are.
 * @param face the one that counts
 */
export function reportPhoto({ width, height, faces, chosen }: PhotoAnalysis, face: AnalysedFace): PhotoReport {
  const { box, score, points } = face
  const measures = measureFace(face, { width, height })
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
      quality: round(qualityOf(measures, score), 4),
      flaws: flawsOf(measures),
      measures: {
        eye_distance: round(measures.eye_distance, 1),
        sharpness: round(measures.sharpness, 3),
        overexposed: round(measures.overexposed, 3),
        visible: round(measures.visible, 3),
        yaw: round(measures.yaw, 1),
        pitch: round(measures.pitch, 1),
        shift: round(measures.shift, 3),
        symmetry: measures.symmetry === undefined ? undefined : round(measures.symmetry, 4),
      },
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
