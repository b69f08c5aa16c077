/** One direction of a plot. What is left out follows from the data. */
export interface Axis {
  readonly label: string
  /** `log`: tenfold steps take the same way; values must be above 0. Default: `linear`. */
  readonly scale?: 'linear' | 'log'
  readonly from?: number
  readonly to?: number
  /** How the numbers beside the axis are written. */
  readonly format?: (value: number) => string
}

/** Where values lie along an axis. */
export interface Scale {
  /** 0 at the beginning of the axis, 1 at its end; values beyond are kept at the ends. */
  place(value: number): number
  readonly ticks: readonly number[]
  readonly format: (value: number) => string
}

/** Ticks that an axis aims at. */
const AIM = 6

/** @throws RangeError when there is nothing to show, or a logarithmic axis would reach 0 */
export function makeScale(axis: Axis, values: readonly number[]): Scale {
  const finite = values.filter((value) => Number.isFinite(value))
  const least = axis.from ?? finite.reduce((p, q) => Math.min(p, q), Number.POSITIVE_INFINITY)
  const most = axis.to ?? finite.reduce((p, q) => Math.max(p, q), Number.NEGATIVE_INFINITY)
  if (!(least <= most)) throw new RangeError(`nothing to show along "${axis.label}"`)
  if (axis.scale === 'log') return logScale(axis, least, most)
  const step = roundStep((most - least || 1) / AIM)
  // Outward to whole steps, where the ends were not given.
  const from = axis.from ?? Math.floor(least / step) * step
  const to = axis.to ?? Math.max(from + step, Math.ceil(most / step) * step)
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.floor(to / step + 1e-9) - first + 1
  return {
    place: (value) => clamp((value - from) / (to - from)),
    // Whole multiples, written with as many digits as the step has: sums of steps would show 0.30000000000000004.
    ticks: Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12))),
    format: axis.format ?? String,
  }
}

function logScale(axis: Axis, least: number, most: number): Scale {
  if (least <= 0) throw new RangeError(`the logarithmic axis "${axis.label}" cannot show ${least}`)
  const from = axis.from ?? 10 ** Math.floor(Math.log10(least))
  const to = axis.to ?? 10 ** Math.max(Math.ceil(Math.log10(most)), Math.floor(Math.log10(least)) + 1)
  const decades = Math.log10(to / from)
  const mantissas = decades > 3 ? [1] : [1, 2, 5]
  const ticks = []
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const mantissa of mantissas) ticks.push(Number(`${mantissa}e${power}`))
  }
  return {
    place: (value) => clamp(Math.log10(Math.max(value, Number.MIN_VALUE) / from) / decades),
    ticks: ticks.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)),
    format: axis.format ?? String,
  }
}

/** The nearest of 1, 2 and 5 times a power of ten that is not smaller. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return power * ([1, 2, 5].find((mantissa) => mantissa * power >= step * (1 - 1e-9)) ?? 10)
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}
