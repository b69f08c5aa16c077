import { faceDistance } from '../lib/face/crowding.js'
import { LARGEST_DISTANCE } from '../lib/face/largest-distance.js'

/** A bin is a millionth wide: far less than the distance of a pair varies with how its photos were encoded. */
const BINS = 2_000_000

/** A photo's person and descriptor (length 1). */
export interface DescribedPhoto {
  readonly person: string
  readonly descriptor: Float32Array
}

/** Calls `visit` for each two photos of different people, with their distance and their places in the list. */
export function forEachImpostorPair(
  photos: readonly DescribedPhoto[],
  visit: (distance: number, first: number, second: number) => void,
  distanceOf = faceDistance,
): void {
  photos.forEach(({ person, descriptor }, i) => {
    for (let j = 0; j < i; j++) {
      if (photos[j].person !== person) visit(distanceOf(descriptor, photos[j].descriptor), i, j)
    }
  })
}

/**
 * How far apart different people are, over every combination of their photos: millions of distances, kept as a histogram
 * over 0 to 2, so that memory does not grow with their number.
 */
export class ImpostorDistances {
  /** How many distances there are. */
  readonly count: number
  private readonly bins: Uint32Array

  private constructor(bins: Uint32Array) {
    this.bins = bins
    this.count = bins.reduce((sum, bin) => sum + bin, 0)
  }

  static of(distances: Iterable<number>): ImpostorDistances {
    const bins = new Uint32Array(BINS)
    for (const distance of distances) bins[binOf(distance)]++
    return new ImpostorDistances(bins)
  }

  /** Compares each photo with each photo of somebody else. */
  static between(photos: readonly DescribedPhoto[], distanceOf = faceDistance): ImpostorDistances {
    const bins = new Uint32Array(BINS)
    forEachImpostorPair(photos, (distance) => bins[binOf(distance)]++, distanceOf)
    return new ImpostorDistances(bins)
  }

  /** Share of the distances that are at most `threshold`, to the width of a bin. */
  falseMatchRateAt(threshold: number): number {
    return this.bins.subarray(0, binOf(threshold) + 1).reduce((sum, bin) => sum + bin, 0) / this.count
  }

  /** Largest threshold, to the width of a bin, at which no larger share than `rate` is accepted. */
  thresholdFor(rate: number): number {
    let accepted = 0
    let threshold = 0
    for (let i = 0; i < BINS; i++) {
      if (this.bins[i] === 0) continue
      accepted += this.bins[i]
      if (accepted > rate * this.count) return (i / BINS) * LARGEST_DISTANCE
      threshold = ((i + 1) / BINS) * LARGEST_DISTANCE
    }
    return threshold
  }

  /** How many distances lie in each of `count` bins of the same width from 0 to `limit`; what is farther is left out. */
  histogram(limit: number, count: number): Uint32Array {
    const coarse = new Uint32Array(count)
    const end = binOf(limit)
    for (let i = 0; i < end; i++) coarse[Math.floor((i / end) * count)] += this.bins[i]
    return coarse
  }
}

function binOf(distance: number): number {
  return Math.min(BINS - 1, Math.floor((distance / LARGEST_DISTANCE) * BINS))
}
