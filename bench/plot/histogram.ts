import { makeScale } from './axis.js'
import { frame, type Plot, seriesClass } from './frame.js'

export interface Histogram extends Plot {
  readonly x: Plot['x'] & { readonly from: number; readonly to: number }
  /** Each as the counts of its bins, which all have the same width and together reach from `x.from` to `x.to`. */
  readonly series: readonly { readonly name: string; readonly counts: ArrayLike<number> }[]
}

/** Sorts values into `bins` bins of the same width from `from` to `to`; what lies beyond goes to the ends. */
export function countInBins(values: Iterable<number>, from: number, to: number, bins: number): Uint32Array {
  const counts = new Uint32Array(bins)
  for (const value of values) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor(((value - from) / (to - from)) * bins)))]++
  }
  return counts
}

/**
 * Histograms over each other, each as shares of its own sum, as an SVG document that suits dark and light pages.
 * @throws RangeError when there is nothing to show
 */
export function histogram(chart: Histogram): string {
  const { from, to } = chart.x
  const shares = chart.series.map(({ counts }) => {
    const all = Array.from(counts)
    const sum = all.reduce((total, count) => total + count, 0)
    return all.map((count) => (sum === 0 ? 0 : count / sum))
  })
  const scales = { x: makeScale(chart.x, []), y: makeScale({ from: 0, ...chart.y }, shares.flat()) }
  const legend = chart.series.map(({ name }) => ({ name, kind: 'area' as const }))
  return frame(chart, scales, legend, (toX, toY) =>
    shares.map((heights, i) => {
      const edge = (bin: number) => toX(from + ((to - from) * bin) / heights.length)
      const steps = heights.map((share, bin) => `V${toY(share)}H${edge(bin + 1)}`).join('')
      return `<path class="${seriesClass(i, 'area')}" d="M${edge(0)} ${toY(0)}${steps}V${toY(0)}Z"/>`
    }),
  )
}
