import { meanPoint, type Point } from './geometry.js'

/** Which way a head is turned, in degrees; 0 faces the camera. How far it leans does not matter: a chip is upright. */
export interface Pose {
  /** Positive: to the person's own left, which is the right of the picture. */
  readonly yaw: number
  /** Positive: up. */
  readonly pitch: number
}

/**
 * Six of the 68 points on a face of average shape: x to the right of the picture, y down, z away from the camera.
 * Source: the generic model of S. Mallick, "Head pose estimation using OpenCV and dlib", 2016.
 */
const MODEL = [
  { index: 30, x: 0, y: 0, z: 0 }, // tip of the nose
  { index: 8, x: 0, y: 330, z: 65 }, // chin
  { index: 36, x: -225, y: -170, z: 135 }, // right eye, outer corner
  { index: 45, x: 225, y: -170, z: 135 }, // left eye, outer corner
  { index: 48, x: -150, y: 150, z: 125 }, // right corner of the mouth
  { index: 54, x: 150, y: 150, z: 125 }, // left corner of the mouth
] as const

type Vector = readonly [number, number, number]

/** For each point the row of the pseudo-inverse that turns positions in the picture into the first rows of the rotation. */
const SOLVER: readonly Vector[] = pseudoInverse(centred(MODEL.map(({ x, y, z }) => [x, y, z])))

/**
 * The pose that puts the model's points where they are seen, as if from far away: least squares for the two visible rows
 * of the rotation, made perpendicular by halves.
 * Source: DeMenthon and Davis, "Model-based object pose in 25 lines of code", 1995: its first step (POS).
 * @param points the 68 landmarks
 */
export function estimatePose(points: readonly Point[]): Pose {
  const seen = MODEL.map(({ index }) => points[index])
  const middle = meanPoint(seen)
  const across = solve(seen.map(({ x }) => x - middle.x))
  const down = solve(seen.map(({ y }) => y - middle.y))
  const [right, below] = [normalise(across), normalise(down)]
  const skew = dot(right, below) / 2
  const i = normalise(subtract(right, scale(below, skew)))
  const j = normalise(subtract(below, scale(right, skew)))
  const k = cross(i, j)
  return {
    yaw: degrees(Math.atan2(k[0], Math.hypot(k[1], k[2]))),
    pitch: degrees(Math.atan2(-k[1], k[2])),
  }
}

function solve(positions: readonly number[]): Vector {
  return positions.reduce<Vector>((sum, position, n) => add(sum, scale(SOLVER[n], position)), [0, 0, 0])
}

function centred(points: readonly Vector[]): Vector[] {
  const mean = scale(points.reduce(add), 1 / points.length)
  return points.map((point) => subtract(point, mean))
}

/** (XᵀX)⁻¹ times each row of X: the inverse of a symmetric 3 x 3 matrix by its cross products. */
function pseudoInverse(rows: readonly Vector[]): Vector[] {
  const gram = [0, 1, 2].map((p): Vector => {
    const column = (q: number) => rows.reduce((sum, row) => sum + row[p] * row[q], 0)
    return [column(0), column(1), column(2)]
  })
  const determinant = dot(gram[0], cross(gram[1], gram[2]))
  const inverse = [cross(gram[1], gram[2]), cross(gram[2], gram[0]), cross(gram[0], gram[1])]
  return rows.map((row) =>
    scale(
      inverse.reduce<Vector>((sum, column, n) => add(sum, scale(column, row[n])), [0, 0, 0]),
      1 / determinant,
    ),
  )
}

function add(p: Vector, q: Vector): Vector {
  return [p[0] + q[0], p[1] + q[1], p[2] + q[2]]
}

function subtract(p: Vector, q: Vector): Vector {
  return add(p, scale(q, -1))
}

function scale(p: Vector, factor: number): Vector {
  return [p[0] * factor, p[1] * factor, p[2] * factor]
}

function dot(p: Vector, q: Vector): number {
  return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]
}

function cross(p: Vector, q: Vector): Vector {
  return [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]]
}

function normalise(p: Vector): Vector {
  return scale(p, 1 / Math.max(Math.sqrt(dot(p, p)), 1e-9))
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI
}
