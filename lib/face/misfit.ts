import { applySimilarity, distance, fitSimilarity, type Point, type TurnedSquare } from './geometry.js'
import { FIRST_INNER_POINT, MEAN_SHAPE } from './mean-shape.js'

/**
 * How far landmarks may be from those of an upright face in the middle of its crop, in one respect alone, before they have to
 * be looked for again. By logistic regression on the 4,155 faces of lfw-dev as they are and 2,036 points found wrong on copies
 * turned by 30 to 315 degrees, with turns weighed twice, as they cost accuracy too. Together they send 8 % of the upright
 * faces into a second pass, and all but 0.7 % of the wrong ones (docs/PERFORMANCE.md).
 */
const LIMITS = {
  /** Radians between the inner face and the crop. */
  turn: (21 * Math.PI) / 180,
  /** Root mean square distance of the inner points from the mean shape, in sides of the face. */
  shape: 0.093,
  /** From the middle of the crop to where it ought to be, in its sides. */
  place: 0.135,
  /** The logarithm of how much larger or smaller the crop ought to be. */
  scale: 0.13,
  /** What the detector's score lacks. */
  score: 0.36,
}

const MEAN_POINTS: readonly Point[] = MEAN_SHAPE.map(([x, y]) => ({ x, y }))

/** What points were found in. */
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
 * them better. What is no upright face shows in one pass of the network by any of five signs, whose squares are added up.
 */
export function misfit({ points, crop, wanted, score }: Found): number {
  const inner = points.slice(FIRST_INNER_POINT)
  const placed = fitSimilarity(MEAN_POINTS, inner)
  const side = Math.hypot(placed.a, placed.b)
  const turn = Math.atan2(placed.b, placed.a) - crop.turn
  const squares = inner.map((point, i) => distance(point, applySimilarity(placed, MEAN_POINTS[i])) ** 2)
  const shape = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length) / Math.max(side, 1e-6)
  return (
    (Math.atan2(Math.sin(turn), Math.cos(turn)) / LIMITS.turn) ** 2 +
    (shape / LIMITS.shape) ** 2 +
    (distance(wanted.centre, crop.centre) / crop.side / LIMITS.place) ** 2 +
    (Math.log(Math.max(wanted.side, 1e-6) / crop.side) / LIMITS.scale) ** 2 +
    (1 - score) / LIMITS.score
  )
}
