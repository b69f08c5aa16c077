import type { MemoryRow, ProcessesRow, RowsMeasured, RuntimeRow, RuntimeSide } from './runtime-measurements.js'
import { quantile } from './statistics.js'

export interface RuntimesReport extends RowsMeasured {
  readonly cpus: number
  readonly processes: readonly ProcessesRow[]
  readonly memory: readonly MemoryRow[]
}

/** The report as Markdown tables. */
export function formatRuntimesReport({ sides, failed, rows, processes, memory, cpus }: RuntimesReport): string {
  return [
    ...sides.map((side) => `- ${titleOf(side)}: ${side.description}`),
    ...failed.map((reason) => `- not measured: ${reason}`),
    '',
    `One process, one thread; median milliseconds of ${rows[0].milliseconds[0].length} rounds in turns (how many times as fast as face-api):`,
    '',
    ...table(
      ['', ...sides.map(titleOf)],
      rows.map((row) => formatRow(row)),
    ),
    '',
    `Pairs a second; ${cpus} CPUs:`,
    '',
    ...table(
      ['', 'processes', 'threads of each', 'pairs a second'],
      processes.map((row) => [
        row.runtime,
        String(row.processes),
        String(row.threads),
        median(row.pairs_per_second).toFixed(1),
      ]),
    ),
    '',
    'Resident memory of one inference process, in megabytes:',
    '',
    ...table(
      ['', 'ready', 'working'],
      memory.map((row) => [row.runtime, row.ready_megabytes.toFixed(0), row.working_megabytes.toFixed(0)]),
    ),
  ].join('\n')
}

function titleOf({ side, runtime, precision }: RuntimeSide): string {
  if (side === 'face-api') return 'face-api as shipped'
  return precision === undefined ? runtime : `${runtime} ${precision}`
}

function formatRow({ name, milliseconds }: RuntimeRow): string[] {
  const [baseline, ...others] = milliseconds
  return [
    name,
    median(baseline).toFixed(1),
    ...others.map((own) => `${median(own).toFixed(1)} (${median(baseline.map((ms, i) => ms / own[i])).toFixed(1)})`),
  ]
}

function median(sample: readonly number[]): number {
  return quantile(sample, 0.5)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const align = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}
