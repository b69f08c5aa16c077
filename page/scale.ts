import type { Calibration } from '../lib/verdict.js'
import type { Comparison } from '../schemas/compare.js'
import { make } from './dom.js'
import { oneIn, percent, rate } from './words.js'

/** The scale's right end, unless a distance lies further out: few pairs of people are further apart. */
const USUAL_END = 0.9
/** Which rates are marked on the scale: far enough apart to be read on a phone. */
const MARKED_RATES: readonly number[] = [1e-5, 1e-2, 0.5]

/** Where the distance lies, where the threshold, and how often different people come how close. */
export function scaleOf({ distance, threshold, identical }: Comparison, calibration?: Calibration): HTMLElement {
  const end = Math.max(USUAL_END, distance * 1.1, threshold * 1.1)
  const names = ['same person', 'different people'].map((name) => make('span', '', name))
  const scale = make(
    'div',
    `scale ${identical ? 'within' : 'beyond'}`,
    at(make('span', 'distance', `distance ${distance.toFixed(3)}`), distance, end),
    make('div', 'track', make('span', 'same'), make('span', 'different')),
    make('div', 'names', ...names),
    at(make('span', 'threshold', `threshold ${threshold}`), threshold, end),
    ...rateMarks(calibration, end),
  )
  scale.style.setProperty('--threshold', share(threshold, end))
  scale.style.setProperty('--distance', share(distance, end))
  const side = identical ? 'within' : 'beyond'
  scale.setAttribute('role', 'img')
  scale.setAttribute('aria-label', `On a scale from 0, the same photo, up: distance ${distance}, ${side} ${threshold}`)
  return scale
}

/** What the threshold stands for, as it was measured. */
export function thresholdInWords({ threshold }: Comparison, calibration: Calibration): string {
  // The next looser point of the table, so that no better rate is claimed than was measured.
  const point = calibration.points.findLast((item) => item.threshold >= threshold) ?? calibration.points[0]
  const { false_match_rate, false_non_match_rate } = point
  const most = point.threshold === threshold ? '' : 'at most '
  const missed = point.threshold === threshold ? '' : 'at least '
  return `The threshold ${threshold} takes ${most}${rate(false_match_rate)} pairs of different people for the same person, and misses the same person in ${missed}${percent(false_non_match_rate)} of pairs. Measured on ${calibration.dataset}.`
}

function rateMarks(calibration: Calibration | undefined, end: number): HTMLElement[] {
  const points = calibration?.points.filter(({ false_match_rate }) => MARKED_RATES.includes(false_match_rate)) ?? []
  if (points.length === 0) return []
  const marks = points.map((point) => at(make('span', 'mark', oneIn(point.false_match_rate)), point.threshold, end))
  return [make('div', 'marks', ...marks), make('p', 'legend', 'How many pairs of different people come that close')]
}

function at(element: HTMLElement, value: number, end: number): HTMLElement {
  element.style.setProperty('--at', share(value, end))
  // Texts near an end grow away from it.
  element.classList.add(value < end * 0.15 ? 'from-left' : value > end * 0.85 ? 'from-right' : 'centred')
  return element
}

function share(value: number, end: number): string {
  return `${((100 * value) / end).toFixed(2)}%`
}
