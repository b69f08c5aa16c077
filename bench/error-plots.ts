import { shareAccepted } from './error-rates.js'
import { genuineTrials, type MeasuredSet } from './evaluation.js'
import { countInBins, histogram } from './plot/histogram.js'
import { lineChart } from './plot/line-chart.js'

/** Distances beyond are those of no two faces. */
const FARTHEST = 1
const BINS = 100
/** False matches from which a rate is drawn; the calibration is stricter. */
const LEAST_FALSE_MATCHES = 10
/** Points of a curve for each tenfold step of the false match rate. */
const POINTS_A_DECADE = 10

/** How far apart photos of the same person are, and photos of different people. */
export function plotDistances(set: MeasuredSet, threshold: number): string {
  const genuine = genuineTrials(set).map(({ distance }) => distance)
  return histogram({
    title: 'How far apart two photos are',
    description: `Shares of ${genuine.length} pairs of the same person and of ${set.impostors.count} pairs of different people by the distance of their descriptors, with the default threshold at ${threshold.toFixed(4)} between the two heaps.`,
    x: { label: 'distance', from: 0, to: FARTHEST },
    y: { label: 'share of the pairs', format: percent },
    marks: [{ at: threshold, label: `threshold ${threshold.toFixed(4)}` }],
    series: [
      { name: 'same person', counts: countInBins(genuine, 0, FARTHEST, BINS) },
      { name: 'different people', counts: set.impostors.histogram(FARTHEST, BINS) },
    ],
  })
}

/** Both error rates against each other over all thresholds: the detection error trade-off (DET) of each set. */
export function plotErrorRates(sets: readonly { readonly name: string; readonly set: MeasuredSet }[]): string {
  return lineChart({
    title: 'What fewer false matches cost',
    description:
      'The share of pairs of the same person that is refused, against the share of pairs of different people that is accepted, both logarithmic: the one falls as the other rises.',
    x: { label: 'different people accepted (false match rate)', scale: 'log' },
    y: { label: 'same person refused', scale: 'log', format: percent },
    series: sets.map(({ name, set }) => ({ name, points: tradeOff(set) })),
  })
}

function tradeOff(set: MeasuredSet): (readonly [number, number])[] {
  const genuine = genuineTrials(set).map(({ distance }) => distance)
  const decades = Math.max(0, Math.log10(set.impostors.count / LEAST_FALSE_MATCHES))
  // Nobody refused is drawn as half a pair: a logarithmic axis has no 0.
  const least = 0.5 / genuine.length
  return Array.from({ length: Math.floor(decades * POINTS_A_DECADE) + 1 }, (_, i) => {
    const rate = 10 ** (-i / POINTS_A_DECADE)
    return [rate, Math.max(least, 1 - shareAccepted(genuine, set.impostors.thresholdFor(rate)))] as const
  })
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}
