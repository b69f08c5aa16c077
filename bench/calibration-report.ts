import type { Calibration } from '../lib/verdict.js'
import type { Bounds } from './bootstrap.js'

/** Rates above are of no use to anybody. */
const LARGEST_RATE = 0.1

/** The table as the documentation has it, in Markdown. */
export function formatCalibration(calibration: Calibration): string {
  const rows = calibration.points.filter(({ false_match_rate }) => false_match_rate <= LARGEST_RATE)
  return [
    '| false match rate | bounds | threshold | same person not recognised | bounds |',
    '|---|---|---|---|---|',
    ...rows.map(
      (point) =>
        `| ${rate(point.false_match_rate)} | ${between(point.false_match_bounds, rate)} | ${point.threshold} | ${percent(point.false_non_match_rate)} | ${between(point.false_non_match_bounds, percent)} |`,
    ),
  ].join('\n')
}

function between({ lower, upper }: Bounds, format: (share: number) => string): string {
  return `${format(lower)} to ${format(upper)}`
}

function rate(share: number): string {
  return share >= 0.001 ? String(share) : share.toExponential()
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
