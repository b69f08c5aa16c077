import { cpus } from 'node:os'
import type { Comparison } from './compare-sides.js'
import type { HttpLoad } from './http-load.js'
import { type Quartiles, quartiles } from './statistics.js'

export interface BenchRow {
  readonly name: string
  /** Milliseconds. */
  readonly facemetric: Quartiles
  readonly face_api: Quartiles
  /** How many times as long face-api takes, round by round. */
  readonly ratio: Quartiles
}

export interface BenchReport {
  readonly machine: { readonly cpu: string; readonly node: string; readonly platform: string }
  readonly comparison?: {
    readonly engines: Comparison['engines']
    readonly rounds: number
    readonly rows: readonly BenchRow[]
  }
  readonly http?: HttpLoad
}

export function makeBenchReport(comparison: Comparison | undefined, http: HttpLoad | undefined): BenchReport {
  const [cpu] = cpus()
  return {
    machine: {
      cpu: cpu?.model.trim() ?? 'unknown',
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    comparison: comparison && {
      engines: comparison.engines,
      rounds: comparison.measurements[0].ours.length,
      rows: comparison.measurements.map(({ name, ours, theirs }) => ({
        name,
        facemetric: quartiles(ours),
        face_api: quartiles(theirs),
        ratio: quartiles(ours.map((milliseconds, round) => theirs[round] / milliseconds)),
      })),
    },
    http,
  }
}

/** The report for people. */
export function formatBenchReport({ machine, comparison, http }: BenchReport): string {
  const lines = [`${machine.cpu}, Node ${machine.node}, ${machine.platform}`]
  if (comparison) {
    const { engines, rounds, rows } = comparison
    lines.push(
      `facemetric on ${engines.facemetric}`,
      engines.face_api,
      `one process each, one thread, the same photos in turns; medians of ${rounds} rounds`,
      '',
      ...formatRows(rows),
    )
  }
  if (http) {
    const { engine, requests_per_second, requests, inference_processes, clients } = http
    lines.push(
      '',
      `HTTP  ${requests_per_second.toFixed(1)} requests a second, each with two photos, from ${clients} clients on the same`,
      `      machine to ${inference_processes} inference processes on ${engine}; ${requests} requests, median ` +
        `${http.median_milliseconds.toFixed(0)} ms, 95 % within ${http.p95_milliseconds.toFixed(0)} ms`,
    )
  }
  return lines.join('\n')
}

function formatRows(rows: readonly BenchRow[]): string[] {
  const table = [
    ['', 'facemetric', 'face-api', 'ratio (quartiles)'],
    ...rows.map(({ name, facemetric, face_api, ratio }) => [
      name,
      `${facemetric.median.toFixed(1)} ms`,
      `${face_api.median.toFixed(1)} ms`,
      `${ratio.median.toFixed(1)} (${ratio.lower.toFixed(1)} to ${ratio.upper.toFixed(1)})`,
    ]),
  ]
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  )
}
