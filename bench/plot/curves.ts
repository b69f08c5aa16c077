import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type LineChart, lineChart } from './line-chart.js'

/** A curve: its name, and x with y. */
export type Curve = LineChart['series'][number]

/** Curves over the same values of x as a table in Markdown. */
export function curveTable(x: string, curves: readonly Curve[], digits = 0): string {
  const rows = curves[0].points.map(([value], i) =>
    [value, ...curves.map(({ points }) => points[i][1].toFixed(digits))].join(' | '),
  )
  const head = [x, ...curves.map(({ name }) => name)].join(' | ')
  return [`| ${head} |`, `|${'---:|'.repeat(curves.length + 1)}`, ...rows.map((row) => `| ${row} |`)].join('\n')
}

/** Writes charts into a folder, by the names of their files. */
export async function writeCharts(folder: string, charts: Readonly<Record<string, LineChart>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, chart] of Object.entries(charts)) await writeFile(path.join(folder, name), lineChart(chart))
}
