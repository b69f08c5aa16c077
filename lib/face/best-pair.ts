import { faceDistance } from './crowding.js'

/**
 * The two faces, one of each photo, whose descriptors are nearest to each other.
 * @param first the faces of one photo, at least one
 * @param second those of the other
 */
export function bestPair<Face extends { readonly descriptor: ArrayLike<number> }>(
  first: readonly Face[],
  second: readonly Face[],
): { pair: readonly [Face, Face]; distance: number } {
  const pairs = first.flatMap((p) =>
    second.map((q) => ({ pair: [p, q] as const, distance: faceDistance(p.descriptor, q.descriptor) })),
  )
  return pairs.reduce((best, next) => (next.distance < best.distance ? next : best))
}
