import { faceDistance } from './crowding.js'
import type { FaceMeasures } from './face-measures.js'
import { LARGEST_DISTANCE } from './largest-distance.js'
import { stretchOf } from './shared-flaws.js'

/** What faces are compared by. */
export interface ComparableFace {
  /** Length 1. */
  readonly descriptor: ArrayLike<number>
  readonly measures: FaceMeasures
}

/** The nearest two faces of two photos. */
export interface BestPair<Face> {
  readonly pair: readonly [Face, Face]
  /** 0 to 2, as often the distance of the two faces as `stretch` says. */
  readonly distance: number
  readonly stretch: number
}

/**
 * The two faces, one of each photo, that are nearest to each other, what they share of flaws taken into account.
 * @param first the faces of one photo, at least one
 * @param second those of the other
 */
export function bestPair<Face extends ComparableFace>(first: readonly Face[], second: readonly Face[]): BestPair<Face> {
  const pairs = first.flatMap((p) => second.map((q) => compareFaces(p, q)))
  return pairs.reduce((best, next) => (next.distance < best.distance ? next : best))
}

function compareFaces<Face extends ComparableFace>(p: Face, q: Face): BestPair<Face> {
  const stretch = stretchOf(p.measures, q.measures)
  const distance = Math.min(LARGEST_DISTANCE, stretch * faceDistance(p.descriptor, q.descriptor))
  return { pair: [p, q], distance, stretch }
}
