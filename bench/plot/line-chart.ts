import { makeScale } from './axis.js'
import { frame, type Plot, seriesClass } from './frame.js'

export interface LineChart extends Plot {
  /** At most six, or colours come again. Points are x and y, in the order in which they are joined. */
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[]
}

/**
 * A line chart as an SVG document that suits dark and light pages.
 * @throws RangeError when no series has a point, or a logarithmic axis would have to show 0
 */
export function lineChart(chart: LineChart): string {
  const points = chart.series.flatMap((series) => series.points)
  const scales = {
    x: makeScale(chart.x, [...points.map(([x]) => x), ...(chart.marks ?? []).map(({ at }) => at)]),
    y: makeScale(
      chart.y,
      points.map(([, y]) => y),
    ),
  }
  const legend = chart.series.map(({ name }) => ({ name, kind: 'line' as const }))
  return frame(chart, scales, legend, (toX, toY) =>
    chart.series.map((series, i) => {
      const path = series.points.map(([x, y]) => `${toX(x)} ${toY(y)}`).join('L')
      return path === '' ? '' : `<path class="${seriesClass(i, 'line')}" d="M${path}"/>`
    }),
  )
}
