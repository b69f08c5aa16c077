import { descriptorDistance } from '../lib/face/descriptors.js'
import type { DescribedPhoto } from './impostor-distances.js'

/** How many of the nearest strangers tell how crowded the place of a face is. */
const NEAREST = 20
/** Ridge in the directions in which descriptors vary, each scaled to variance 1: shrinks the weights by 5 % for 1,958 people. */
const RIDGE = 100

/** The logarithm of how far the nearest strangers are from a face, as a linear function of its descriptor. */
export interface CrowdingFit {
  /** What makes the mean over all photos 0. */
  readonly middle: number
  readonly weights: readonly number[]
}

/**
 * Fits `lib/face/crowding`: least squares with every person counting the same, and one photo a person as the strangers.
 * @throws RangeError when there are too few people for the directions in which descriptors vary
 */
export function fitCrowding(photos: readonly DescribedPhoto[]): CrowdingFit {
  const strangers = [...new Map(photos.toReversed().map((photo) => [photo.person, photo])).values()]
  const counts = new Map<string, number>()
  for (const { person } of photos) counts.set(person, (counts.get(person) ?? 0) + 1)
  const shares = photos.map(({ person }) => 1 / counts.get(person)!)
  const openness = photos.map((photo) => Math.log(meanDistance(photo, strangers)))
  const people = counts.size
  const length = photos[0].descriptor.length
  if (people <= length + NEAREST)
    throw new RangeError(`${length + NEAREST + 1} people are needed; this set has ${people}`)

  const mean = Array.from({ length }, (_, k) => weightedMean((i) => photos[i].descriptor[k], shares))
  const level = weightedMean((i) => openness[i], shares)
  const squares = Array.from({ length }, () => new Float64Array(length))
  const products = new Float64Array(length)
  photos.forEach(({ descriptor }, i) => {
    for (let k = 0; k < length; k++) {
      const x = shares[i] * (descriptor[k] - mean[k])
      products[k] += x * (openness[i] - level)
      for (let l = 0; l <= k; l++) squares[k][l] += x * (descriptor[l] - mean[l])
    }
  })
  const shrink = 1 / (1 + RIDGE / people)
  const weights = solve(squares, products).map((weight) => shrink * weight)
  const values = photos.map(({ descriptor }) => weights.reduce((sum, weight, k) => sum + weight * descriptor[k], 0))
  return { middle: -values.reduce((sum, value) => sum + value, 0) / values.length, weights }
}

function meanDistance({ person, descriptor }: DescribedPhoto, strangers: readonly DescribedPhoto[]): number {
  const distances = Float64Array.from(
    strangers.filter((stranger) => stranger.person !== person),
    (stranger) => descriptorDistance(descriptor, stranger.descriptor),
  ).sort()
  return distances.subarray(0, NEAREST).reduce((sum, distance) => sum + distance, 0) / NEAREST
}

function weightedMean(value: (i: number) => number, weights: readonly number[]): number {
  let [sum, all] = [0, 0]
  weights.forEach((weight, i) => {
    sum += weight * value(i)
    all += weight
  })
  return sum / all
}

/** Solves a symmetric, positive definite system by Cholesky's decomposition; only the lower half of the matrix is read. */
function solve(matrix: readonly Float64Array[], right: Float64Array): number[] {
  const n = right.length
  const lower = matrix.map((row) => Float64Array.from(row))
  for (let k = 0; k < n; k++) {
    for (let l = 0; l <= k; l++) {
      let sum = lower[k][l]
      for (let m = 0; m < l; m++) sum -= lower[k][m] * lower[l][m]
      lower[k][l] = k === l ? Math.sqrt(sum) : sum / lower[l][l]
    }
  }
  const x = Array.from(right)
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < k; l++) x[k] -= lower[k][l] * x[l]
    x[k] /= lower[k][k]
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let l = k + 1; l < n; l++) x[k] -= lower[l][k] * x[l]
    x[k] /= lower[k][k]
  }
  return x
}
