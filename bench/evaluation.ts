import { faceDistance } from '../lib/face/crowding.js'
import type { DescribedSet } from './describe-photos.js'
import { type Accuracy, crossValidatedAccuracy, equalErrorRate, shareAccepted, type Trial } from './error-rates.js'
import { type DescribedPhoto, ImpostorDistances } from './impostor-distances.js'
import { type Pair, type PairList, photoStem } from './lfw-pairs.js'
import type { PhotoFile } from './photo-files.js'

/** False accept rates at which the true accept rate is told. */
export const FALSE_ACCEPT_RATES = [1e-2, 1e-3, 1e-4]

/** The distances of a described set: all that error rates are computed from. */
export interface MeasuredSet {
  /** The listed pairs. */
  readonly trials: readonly (Trial & Pair)[]
  /** Every photo that has a descriptor. */
  readonly described: readonly DescribedPhoto[]
  /** Every combination of them that shows different people. */
  readonly impostors: ImpostorDistances
}

/** Measures how far the photos of each listed pair, and those of all different people, are apart. */
export function measureDistances(
  { pairs }: PairList,
  photos: readonly PhotoFile[],
  { descriptors }: DescribedSet,
  distanceOf = faceDistance,
): MeasuredSet {
  const trials = pairs.map((pair) => {
    const [first, second] = [descriptors.get(photoStem(pair.first)), descriptors.get(photoStem(pair.second))]
    const described = first !== undefined && second !== undefined
    return { ...pair, distance: described ? distanceOf(first, second) : Number.POSITIVE_INFINITY }
  })
  const described = photos.flatMap(({ stem, person }) => {
    const descriptor = descriptors.get(stem)
    return descriptor === undefined ? [] : [{ person, descriptor }]
  })
  return { trials, described, impostors: ImpostorDistances.between(described, distanceOf) }
}

/** The listed pairs of the same person. */
export function genuineTrials({ trials }: MeasuredSet): (Trial & Pair)[] {
  return trials.filter(({ same }) => same)
}

/** By what sets are compared with each other. */
export interface Rates {
  readonly accuracy: Accuracy
  readonly equal_error_rate: number
  /** The share of the listed pairs of the same person that is accepted at each false accept rate. */
  readonly accepted: readonly number[]
}

/** @param falseAcceptRates at which the accepted share is told */
export function ratesOf(set: MeasuredSet, falseAcceptRates: readonly number[]): Rates {
  const genuine = genuineTrials(set).map(({ distance }) => distance)
  return {
    accuracy: crossValidatedAccuracy(set.trials),
    equal_error_rate: equalErrorRate(set.trials),
    accepted: falseAcceptRates.map((rate) => shareAccepted(genuine, set.impostors.thresholdFor(rate))),
  }
}

/** A pair that the service answers wrongly. */
export interface WrongPair {
  readonly first: string
  readonly second: string
  /** Null where a photo shows no face. */
  readonly distance: number | null
}

export interface Evaluation {
  readonly folds: number
  readonly accuracy: Accuracy
  readonly equal_error_rate: number
  readonly genuine_pairs: number
  /** Listed pairs of different people. */
  readonly impostor_pairs: number
  /** Every combination of photos of different people. */
  readonly impostor_combinations: number
  readonly true_accept_rates: readonly {
    readonly false_accept_rate: number
    /** Null where there are too few combinations to measure so small a rate. */
    readonly threshold: number | null
    readonly true_accept_rate: number | null
  }[]
  readonly at_service_threshold: {
    readonly threshold: number
    /** Over every combination of photos of different people. */
    readonly false_match_rate: number
    /** Over the listed pairs of the same person. */
    readonly false_non_match_rate: number
    readonly false_matches: readonly WrongPair[]
    readonly false_non_matches: readonly WrongPair[]
  }
}

/**
 * The error rates of a measured set.
 * @param threshold largest distance at which the service says "the same person"
 */
export function evaluate(set: MeasuredSet, folds: number, threshold: number): Evaluation {
  const { trials, impostors } = set
  const genuine = genuineTrials(set).map(({ distance }) => distance)
  const wrong = (same: boolean) =>
    trials.filter((trial) => trial.same === same && trial.distance <= threshold !== same).map(toWrongPair)
  return {
    folds,
    accuracy: crossValidatedAccuracy(trials),
    equal_error_rate: equalErrorRate(trials),
    genuine_pairs: genuine.length,
    impostor_pairs: trials.length - genuine.length,
    impostor_combinations: impostors.count,
    true_accept_rates: FALSE_ACCEPT_RATES.map((rate) => {
      if (rate * impostors.count < 1) return { false_accept_rate: rate, threshold: null, true_accept_rate: null }
      const at = impostors.thresholdFor(rate)
      return { false_accept_rate: rate, threshold: at, true_accept_rate: shareAccepted(genuine, at) }
    }),
    at_service_threshold: {
      threshold,
      false_match_rate: impostors.falseMatchRateAt(threshold),
      false_non_match_rate: 1 - shareAccepted(genuine, threshold),
      false_matches: wrong(false),
      false_non_matches: wrong(true),
    },
  }
}

function toWrongPair({ first, second, distance }: Trial & Pair): WrongPair {
  return {
    first: photoStem(first),
    second: photoStem(second),
    distance: Number.isFinite(distance) ? distance : null,
  }
}
