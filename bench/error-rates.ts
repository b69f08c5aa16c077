/**
 * The outcome of one comparison. A pair in which a photo shows no face has the distance Infinity: the service cannot
 * find its photos alike, so that it counts as a false non-match or as a right answer.
 */
export interface Trial {
  readonly distance: number
  readonly same: boolean
  readonly fold: number
}

export interface Accuracy {
  /** Mean share of right answers over the folds. */
  readonly mean: number
  /** Standard error of that mean. */
  readonly standardError: number
}

/**
 * Accuracy by cross-validation: each fold is judged with the threshold that is best on all others.
 * Source: Huang et al., "Labeled Faces in the Wild", 2007: mean and standard error of the mean over the folds.
 * @throws RangeError when there are fewer than two folds
 */
export function crossValidatedAccuracy(trials: readonly Trial[]): Accuracy {
  const folds = new Set(trials.map(({ fold }) => fold))
  if (folds.size < 2) throw new RangeError('cross-validation needs at least two folds')
  const accuracies = [...folds].map((fold) => {
    const threshold = mostAccurateThreshold(trials.filter((trial) => trial.fold !== fold))
    const held = trials.filter((trial) => trial.fold === fold)
    return held.filter(({ distance, same }) => distance <= threshold === same).length / held.length
  })
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length
  const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0)
  return { mean, standardError: Math.sqrt(squares / (accuracies.length - 1) / accuracies.length) }
}

/**
 * The distance up to which calling two photos the same person gives most right answers: the middle between two
 * neighbouring distances, the smallest such where several are as good. 0 where calling all pairs different is best.
 */
export function mostAccurateThreshold(trials: readonly Trial[]): number {
  const sorted = trials.filter(({ distance }) => Number.isFinite(distance)).toSorted((p, q) => p.distance - q.distance)
  let right = trials.filter(({ same }) => !same).length
  let best = { right, threshold: 0 }
  sorted.forEach(({ distance, same }, i) => {
    right += same ? 1 : -1
    const next = sorted[i + 1]?.distance ?? distance
    const tied = next === distance && i + 1 < sorted.length
    if (!tied && right > best.right) best = { right, threshold: (distance + next) / 2 }
  })
  return best.threshold
}

/**
 * The error rate where as many impostors are accepted as genuine pairs are refused. Both rates are step functions that
 * seldom meet, so it is the mean of the two at the threshold where they differ least.
 */
export function equalErrorRate(trials: readonly Trial[]): number {
  const sorted = trials.toSorted((p, q) => p.distance - q.distance)
  const genuine = trials.filter(({ same }) => same).length
  const impostors = trials.length - genuine
  let [accepted, falselyAccepted] = [0, 0]
  let best = { gap: 1, rate: 0.5 }
  sorted.forEach(({ distance, same }, i) => {
    if (same) accepted++
    else falselyAccepted++
    if (!Number.isFinite(distance) || sorted[i + 1]?.distance === distance) return
    const [falseMatch, falseNonMatch] = [falselyAccepted / impostors, 1 - accepted / genuine]
    const gap = Math.abs(falseMatch - falseNonMatch)
    if (gap < best.gap) best = { gap, rate: (falseMatch + falseNonMatch) / 2 }
  })
  return best.rate
}

/** The share of the distances that are at most `threshold`. */
export function shareAccepted(distances: readonly number[], threshold: number): number {
  return distances.filter((distance) => distance <= threshold).length / distances.length
}

/**
 * How likely a value of the one sort is below one of the other: 1 where all are, 0.5 by chance. Equal values count half.
 * Source: Mann and Whitney, 1947.
 */
export function areaUnderCurve(lower: readonly number[], higher: readonly number[]): number {
  const all = [...lower.map((value) => ({ value, low: true })), ...higher.map((value) => ({ value, low: false }))]
  all.sort((p, q) => p.value - q.value)
  let [ranks, from] = [0, 0]
  while (from < all.length) {
    let to = from + 1
    while (to < all.length && all[to].value === all[from].value) to++
    ranks += all.slice(from, to).filter(({ low }) => !low).length * ((from + 1 + to) / 2)
    from = to
  }
  return (ranks - (higher.length * (higher.length + 1)) / 2) / (lower.length * higher.length)
}
