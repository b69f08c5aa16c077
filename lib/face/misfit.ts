import {
  applySimilarity,
  distance,
  fitSimilarity,
  invertSimilarity,
  type Point,
  type Similarity,
  type TurnedSquare,
} from './geometry.js'
import { FIRST_INNER_POINT, MEAN_SHAPE } from './mean-shape.js'
import { SHAPE_SIGNS } from './shape-signs.js'

/**
 * How far landmarks may be from those of an upright face in the middle of its crop, in one respect alone, before they have to
 * be looked for again. Together they send 6 % of the upright faces of lfw-dev into a second pass, and every one of 2,036 faces
 * on turned copies whose points are wrong (docs/PERFORMANCE.md).
 */
const LIMITS = {
  /** Radians between the inner face and the crop. */
  turn: (18 * Math.PI) / 180,
  /** The length of the shape's signs: 0.9 for half of the upright faces, above 3 for 0.7 %, for all but 2 of the wrong ones. */
  shape: 3,
  /** From the middle of the crop to where it ought to be, in its sides. */
  place: 0.2,
  /** The logarithm of how much larger or smaller the crop ought to be. */
  scale: 0.2,
  /** What the detector's score lacks. */
  score: 0.5,
}

const MEAN_POINTS: readonly Point[] = MEAN_SHAPE.map(([x, y]) => ({ x, y }))

/** Landmarks and what they were found in. */
export interface Found {
  readonly points: readonly Point[]
  readonly crop: TurnedSquare
  /** The crop that the points call for: the network is at its best where it is the one they were found in. */
  readonly wanted: TurnedSquare
  /** Of the detector. */
  readonly score: number
}

/**
 * How unlike an upright face in the middle of its crop points are: above 1 they may be wrong, or a better crop would place
 * them better. What is no upright face shows in one pass of the network by any of five things, which are added up: turn, shape, place and
 * scale as squares, and what the detector's score lacks.
 */
export function misfit({ points, crop, wanted, score }: Found): number {
  const inner = points.slice(FIRST_INNER_POINT)
  const placed = fitSimilarity(MEAN_POINTS, inner)
  const turn = Math.atan2(placed.b, placed.a) - crop.turn
  return (
    (Math.atan2(Math.sin(turn), Math.cos(turn)) / LIMITS.turn) ** 2 +
    (shapeSigns(inner, placed) / LIMITS.shape) ** 2 +
    (distance(wanted.centre, crop.centre) / crop.side / LIMITS.place) ** 2 +
    (Math.log(Math.max(wanted.side / crop.side, 1e-6)) / LIMITS.scale) ** 2 +
    (1 - score) / LIMITS.score
  )
}

/** @param placed where the mean shape lies in the photo to fit the points best */
function shapeSigns(inner: readonly Point[], placed: Similarity): number {
  const back = invertSimilarity(placed)
  const beside = new Float64Array(2 * inner.length)
  inner.forEach((point, i) => {
    const { x, y } = applySimilarity(back, point)
    beside[2 * i] = x - MEAN_POINTS[i].x
    beside[2 * i + 1] = y - MEAN_POINTS[i].y
  })
  let square = 0
  for (const sign of SHAPE_SIGNS) {
    let sum = 0
    for (let i = 0; i < beside.length; i++) sum += sign[i] * beside[i]
    square += sum * sum
  }
  return Math.sqrt(square)
}
