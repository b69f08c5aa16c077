import { faceDistance } from '../lib/face/crowding.js'
import { type DescribedPhoto, forEachImpostorPair } from './impostor-distances.js'
import type { Pair } from './lfw-pairs.js'
import type { Random } from './random.js'
import { quantile } from './statistics.js'

/** How often the people are drawn anew. */
const RESAMPLES = 400
/** Share of the resamples below the lower bound, and above the upper one: 95 % lie between. */
const TAIL = 0.025

/** Between these the true rate lies with 95 % confidence. */
export interface Bounds {
  readonly lower: number
  readonly upper: number
}

/**
 * Confidence bounds of the share of impostor pairs at each threshold, by a bootstrap over people: whoever looks like many
 * others does so in all of his photos, so pairs are not independent, people are. Each resample draws as many people as
 * there are, with replacement; a pair of two people counts as often as both were drawn, one of somebody with himself never.
 * Source: Bolle, Ratha, Pankanti, "Error analysis of pattern recognition systems: the subsets bootstrap", 2004.
 * @param thresholds falling
 */
export function boundFalseMatchRates(
  photos: readonly DescribedPhoto[],
  thresholds: readonly number[],
  random: Random,
  distanceOf = faceDistance,
): Bounds[] {
  const { people, indexOf } = indexPeople(photos.map(({ person }) => person))
  const owner = Uint16Array.from(photos, ({ person }) => indexOf(person))
  const photosOf = new Float64Array(people)
  for (const person of owner) photosOf[person]++
  const accepted = acceptedPairs(photos, owner, thresholds, distanceOf)
  const rates = resample(people, random, (weight) => {
    let [sum, squares] = [0, 0]
    for (let person = 0; person < people; person++) {
      const drawn = weight[person] * photosOf[person]
      sum += drawn
      squares += drawn * drawn
    }
    const counts = new Float64Array(thresholds.length)
    for (const { first, second, strictest } of accepted) {
      for (let i = 0; i < first.length; i++) counts[strictest[i]] += weight[first[i]] * weight[second[i]]
    }
    return cumulate(counts, (sum * sum - squares) / 2)
  })
  return boundsOf(rates, thresholds.length)
}

/**
 * Confidence bounds of the share of genuine pairs that are refused at each threshold, by the same bootstrap.
 * @param thresholds falling
 */
export function boundFalseNonMatchRates(
  pairs: readonly (Pair & { readonly distance: number })[],
  thresholds: readonly number[],
  random: Random,
): Bounds[] {
  const { people, indexOf } = indexPeople(pairs.map(({ first }) => first.person))
  const owner = pairs.map(({ first }) => indexOf(first.person))
  const strictest = pairs.map(({ distance }) => strictestOf(distance, thresholds))
  const rates = resample(people, random, (weight) => {
    const counts = new Float64Array(thresholds.length)
    let all = 0
    owner.forEach((person, i) => {
      all += weight[person]
      if (strictest[i] >= 0) counts[strictest[i]] += weight[person]
    })
    return cumulate(counts, all).map((share) => 1 - share)
  })
  return boundsOf(rates, thresholds.length)
}

/** The place of the lowest of the falling thresholds that accepts a distance; -1 where none does. */
function strictestOf(distance: number, thresholds: readonly number[]): number {
  let place = -1
  while (place + 1 < thresholds.length && distance <= thresholds[place + 1]) place++
  return place
}

interface PairBlock {
  /** The two people of each pair. */
  readonly first: Uint16Array
  readonly second: Uint16Array
  readonly strictest: Uint8Array
}

/** Pairs are kept in blocks, as nobody knows before how many will be accepted. */
const BLOCK = 2 ** 18

/** The pairs that the highest threshold accepts. */
function acceptedPairs(
  photos: readonly DescribedPhoto[],
  owner: Uint16Array,
  thresholds: readonly number[],
  distanceOf: typeof faceDistance,
): PairBlock[] {
  const blocks: PairBlock[] = []
  let [block, used] = [emptyBlock(), 0]
  forEachImpostorPair(
    photos,
    (distance, i, j) => {
      if (distance > thresholds[0]) return
      if (used === BLOCK) {
        blocks.push(block)
        ;[block, used] = [emptyBlock(), 0]
      }
      block.first[used] = owner[i]
      block.second[used] = owner[j]
      block.strictest[used] = strictestOf(distance, thresholds)
      used++
    },
    distanceOf,
  )
  const { first, second, strictest } = block
  return [
    ...blocks,
    { first: first.subarray(0, used), second: second.subarray(0, used), strictest: strictest.subarray(0, used) },
  ]
}

function emptyBlock(): PairBlock {
  return { first: new Uint16Array(BLOCK), second: new Uint16Array(BLOCK), strictest: new Uint8Array(BLOCK) }
}

function indexPeople(names: readonly string[]) {
  const index = new Map([...new Set(names)].map((name, i) => [name, i]))
  return { people: index.size, indexOf: (name: string) => index.get(name)! }
}

/** How often each person was drawn, given to `rates` for each resample. */
function resample(people: number, random: Random, rates: (weight: Float64Array) => number[]): number[][] {
  return Array.from({ length: RESAMPLES }, () => {
    const weight = new Float64Array(people)
    for (let i = 0; i < people; i++) weight[random.below(people)]++
    return rates(weight)
  })
}

/** Shares at each of the falling thresholds: what a lower one accepts every higher one accepts too. */
function cumulate(counts: Float64Array, all: number): number[] {
  let sum = 0
  return [...counts]
    .reverse()
    .map((count) => {
      sum += count
      return sum / all
    })
    .reverse()
}

function boundsOf(rates: readonly number[][], thresholds: number): Bounds[] {
  return Array.from({ length: thresholds }, (_, i) => {
    const sample = rates.map((rate) => rate[i])
    return { lower: quantile(sample, TAIL), upper: quantile(sample, 1 - TAIL) }
  })
}
