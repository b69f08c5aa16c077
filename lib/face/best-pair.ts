import { descriptorDistance } from './descriptors.js'

/**
 * The two faces, one of each photo, whose descriptors are nearest to each other. Of a single photo, its first face.
 * @param photos the faces of one or two photos, at least one face each
 */
export function bestPair<Face extends { readonly descriptor: Float32Array }>(
  photos: readonly (readonly Face[])[],
): Face[] {
  const [first, second] = photos
  if (second === undefined) return first.slice(0, 1)
  const pairs = first.flatMap((p) =>
    second.map((q) => ({ pair: [p, q], distance: descriptorDistance(p.descriptor, q.descriptor) })),
  )
  return pairs.reduce((best, next) => (next.distance < best.distance ? next : best)).pair
}
