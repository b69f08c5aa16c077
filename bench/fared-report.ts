import { layColumns } from '../cli/columns.js'
import type { Fared } from './changed-pairs.js'
import type { Axis } from './plot/axis.js'
import { lineChart } from './plot/line-chart.js'

/** One table of all conditions, for people. */
export function faredTable(fared: readonly Fared[]): string {
  const header = ['condition', 'value', 'found', 'accepted', 'at 1e-4', 'false matches', 'CPU ms', 'longest']
  const rows = fared.map((row) => [
    row.curve,
    String(row.value),
    percent(row.found),
    percent(row.accepted),
    percent(row.accepted_strictly),
    `${(100 * row.false_matches).toFixed(3)} %`,
    row.median_milliseconds.toFixed(0),
    row.longest_milliseconds.toFixed(0),
  ])
  const pairs = `${fared[0].pairs} pairs of different persons; accepted and false matches at the threshold of FMR 1e-3`
  return [pairs, layColumns([header, ...rows])].join('\n')
}

/** Curves over the conditions, a plot for each axis: shares found and accepted, at both thresholds. */
export function faredPlot(title: string, x: Axis, fared: readonly Fared[]): string {
  const curves = [...new Set(fared.map(({ curve }) => curve))]
  const points = (curve: string, share: 'found' | 'accepted' | 'accepted_strictly') =>
    fared.filter((row) => row.curve === curve).map((row) => [row.value, row[share]] as const)
  const series =
    curves.length === 1
      ? [
          { name: 'face found', points: points(curves[0], 'found') },
          { name: 'accepted at FMR 1e-3', points: points(curves[0], 'accepted') },
          { name: 'accepted at FMR 1e-4', points: points(curves[0], 'accepted_strictly') },
        ]
      : curves.map((curve) => ({ name: `${curve}: accepted at FMR 1e-3`, points: points(curve, 'accepted') }))
  return lineChart({
    title,
    description: `Share of pairs of the same person, ${fared[0].pairs} pairs: ${series.map(({ name }) => name).join(', ')}.`,
    x,
    y: { label: 'share of pairs', from: 0, to: 1, format: (value) => `${Math.round(100 * value)} %` },
    series,
  })
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
