/** A sample's middle, and the values below which a quarter and three quarters of it lie. */
export interface Quartiles {
  readonly lower: number
  readonly median: number
  readonly upper: number
}

/**
 * The quartiles of a sample, interpolated linearly between its sorted values (type 7 of Hyndman and Fan, "Sample
 * quantiles in statistical packages", 1996).
 * @throws RangeError when the sample is empty
 */
export function quartiles(sample: readonly number[]): Quartiles {
  return { lower: quantile(sample, 0.25), median: quantile(sample, 0.5), upper: quantile(sample, 0.75) }
}

/**
 * The value below which a share of the sample lies, interpolated as in `quartiles`.
 * @throws RangeError when the sample is empty
 */
export function quantile(sample: readonly number[], share: number): number {
  if (sample.length === 0) throw new RangeError('an empty sample has no quantiles')
  const sorted = sample.toSorted((p, q) => p - q)
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.ceil(position)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}
