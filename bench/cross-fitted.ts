import { descriptorDistance } from '../lib/face/descriptors.js'
import { type CrowdingFit, fitCrowding } from './crowding-fit.js'
import type { MeasuredSet } from './evaluation.js'
import type { PairList } from './lfw-pairs.js'

/** A distance in which each face is scaled by what was learnt from the people of the folds that are not its own. */
export function crossFitted({ pairs, folds }: PairList, { described }: MeasuredSet): typeof descriptorDistance {
  const foldOf = new Map(
    pairs.flatMap(({ first, second, fold }) => [first, second].map(({ person }) => [person, fold])),
  )
  const fits = Array.from({ length: folds }, (_, fold) =>
    fitCrowding(described.filter(({ person }) => foldOf.get(person) !== fold)),
  )
  const openness = new Map(
    described.map(({ person, descriptor }) => [descriptor, opennessOf(descriptor, fits[foldOf.get(person)!])]),
  )
  const known = (descriptor: ArrayLike<number>) => openness.get(descriptor as Float32Array) ?? 0
  return (p, q) => descriptorDistance(p, q) * Math.exp(-(known(p) + known(q)) / 2)
}

function opennessOf(descriptor: Float32Array, { middle, weights }: CrowdingFit): number {
  return weights.reduce((sum, weight, k) => sum + weight * descriptor[k], middle)
}
