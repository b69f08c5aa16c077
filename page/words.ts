/** A file's size for people. */
export function bytes(count: number): string {
  return count < 999_500 ? `${Math.max(1, Math.round(count / 1000))} KB` : `${(count / 1e6).toFixed(1)} MB`
}

/** How many of how many pairs: 0.001 is 1 of 1,000, 0.3 is 30 of 100. */
export function rate(value: number): string {
  if (value >= 1) return 'all'
  if (value > 0.1) return `${Math.round(value * 100)} of 100`
  return oneIn(value).replace(' in ', ' of ')
}

/** A rate by its inverse, to two digits: 0.001 is 1 in 1,000. */
export function oneIn(value: number): string {
  const inverse = 1 / value
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(inverse)) - 1)
  return `1 in ${(Math.round(inverse / unit) * unit).toLocaleString('en')}`
}

/** A share as per cent, with a decimal below ten. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

export function milliseconds(count: number): string {
  return count < 10 ? `${count.toFixed(1)} ms` : `${Math.round(count)} ms`
}
