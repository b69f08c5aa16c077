import { distance, intersectionOverUnion } from './geometry.js'
import { eyeCentres, type Landmarks } from './landmarks.js'
import type { Detection } from './non-maximum-suppression.js'

/** Overlap from which two boxes may lie on one face: some that do overlap by no more than 0.3. */
const MAYBE_SAME_OVERLAP = 0.1
/**
 * Mean distance between the landmarks of two boxes, in eye distances, up to which they are of one face: those of two people are
 * an eye distance apart even where they stand cheek to cheek.
 */
const SAME_FACE_DISTANCE = 0.3

/** Faces of which the box overlaps with that of another, so that only their landmarks tell whether they are two. */
export function maybeDoubles<Face extends Detection>(faces: readonly Face[]): Face[] {
  return faces.filter((face) =>
    faces.some((other) => other !== face && intersectionOverUnion(face.box, other.box) >= MAYBE_SAME_OVERLAP),
  )
}

/**
 * The faces, those with the same landmarks together, in the order of the first of each.
 * @param isSure whether the landmarks of a face are good enough to say so; default: all are
 */
export function groupDoubles<Face extends Pick<Landmarks, 'points'>>(
  faces: readonly Face[],
  isSure: (face: Face) => boolean = () => true,
): Face[][] {
  const groups: Face[][] = []
  for (const face of faces) {
    const group = groups.find(([first]) => isSure(face) && isSure(first) && haveSameLandmarks(face, first))
    if (group) group.push(face)
    else groups.push([face])
  }
  return groups
}

/** The one of several faces that the detector is surest of. */
export function surestOf<Face extends Detection>(faces: readonly Face[]): Face {
  return faces.reduce((best, face) => (face.score > best.score ? face : best))
}

function haveSameLandmarks(p: Pick<Landmarks, 'points'>, q: Pick<Landmarks, 'points'>): boolean {
  const apart = p.points.reduce((sum, point, i) => sum + distance(point, q.points[i]), 0) / p.points.length
  return apart <= SAME_FACE_DISTANCE * Math.max(eyeDistance(p), eyeDistance(q))
}

function eyeDistance({ points }: Pick<Landmarks, 'points'>): number {
  const { rightEye, leftEye } = eyeCentres(points)
  return distance(rightEye, leftEye)
}
