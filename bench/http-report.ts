import { cpus } from 'node:os'
import {
  type Alone,
  type ClientsRow,
  PAUSE_MS,
  type ProcessorTime,
  type Throughput,
  type Waits,
} from './http-measurements.js'
import type { Overload } from './http-overload.js'
import { growthOf, type SoakRow } from './http-soak.js'
import { quantile } from './statistics.js'

export interface HttpReport {
  readonly machine: { readonly cpu: string; readonly cpus: number; readonly node: string; readonly platform: string }
  readonly engine: string
  readonly inference_processes: number
  readonly throughput?: Throughput & { readonly share: number }
  readonly alone?: Alone
  readonly clients?: readonly ClientsRow[]
  readonly overload?: Overload
  readonly soak?: readonly SoakRow[]
}

export function describeMachine(): HttpReport['machine'] {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cpus: all.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
}

/** The median over the rounds of what the service reaches of the bare engines' throughput beside it. */
export function shareOf({ http, bare }: Throughput): number {
  return quantile(
    http.map((rate, round) => rate / bare[round]),
    0.5,
  )
}

/** What of the processor's time is left for comparing when all have to share the same cores. */
export function processorShareOf({ service, inference, clients, bare }: ProcessorTime): number {
  return bare / (service + inference + clients)
}

export function formatHttpReport({ machine, engine, inference_processes, ...report }: HttpReport): string {
  const sections = [
    `${machine.cpu}, ${machine.cpus} CPUs, Node ${machine.node}, ${machine.platform}`,
    `${engine}; ${inference_processes} inference processes`,
  ]
  if (report.throughput) sections.push(formatThroughput(report.throughput))
  if (report.alone) sections.push(formatAlone(report.alone))
  if (report.clients) sections.push(formatClients(report.clients))
  if (report.overload) sections.push(formatOverload(report.overload))
  if (report.soak) sections.push(formatSoak(report.soak))
  return sections.join('\n\n')
}

function formatThroughput({ http, bare, share, processor }: NonNullable<HttpReport['throughput']>): string {
  const [over, without] = [quantile(http, 0.5), quantile(bare, 0.5)].map((rate) => rate.toFixed(2))
  return [
    'Throughput, comparisons a second, median of rounds in turns',
    table(
      ['over HTTP', 'bare engines', 'share, median round by round'],
      [[over, without, `${(100 * share).toFixed(1)} %`]],
    ),
    'Processor time a comparison takes, milliseconds',
    table(
      ['service', 'inference processes', 'clients', 'bare engines', 'share of bare engines'],
      [
        [
          processor.service.toFixed(2),
          processor.inference.toFixed(2),
          processor.clients.toFixed(2),
          processor.bare.toFixed(2),
          `${(100 * processorShareOf(processor)).toFixed(1)} %`,
        ],
      ],
    ),
  ].join('\n')
}

function formatAlone({ http, oneProcess, bare }: Alone): string {
  const median = (values: readonly number[]) => quantile(values, 0.5)
  const beside = (times: readonly number[], against: readonly number[]) => [
    median(times).toFixed(1),
    median(against.map((milliseconds, round) => milliseconds / times[round])).toFixed(2),
  ]
  const waits = ({ atOnce, nowAndThen }: Waits) => [
    ...beside(atOnce, http.atOnce),
    ...beside(nowAndThen, http.nowAndThen),
  ]
  return [
    'A lone client, milliseconds, medians of rounds in turns; ratio: round by round, of the first row to this one',
    table(
      ['', 'asks again at once', 'ratio', `every ${PAUSE_MS} ms`, 'ratio'],
      [
        ['over HTTP, p50', ...waits(http)],
        ['over HTTP with one inference process, p50', ...waits(oneProcess)],
        ['a pair in one engine process, without HTTP', ...beside(bare, http.atOnce), '', ''],
      ],
    ),
  ].join('\n')
}

function formatClients(rows: readonly ClientsRow[]): string {
  return [
    'Clients that ask again as soon as they are answered',
    table(
      ['clients', 'compared/s', 'p50 ms', 'p99 ms', 'p99 / p50', 'refused', 'failed'],
      rows.map((row) => [
        String(row.clients),
        row.accepted_per_second.toFixed(2),
        row.p50_milliseconds.toFixed(0),
        row.p99_milliseconds.toFixed(0),
        (row.p99_milliseconds / row.p50_milliseconds).toFixed(2),
        String(row.refused),
        String(row.failed),
      ]),
    ),
  ].join('\n')
}

function formatOverload({ asked_per_second, p99_at_capacity, first, again }: Overload): string {
  const rows = [
    ['the first time', first],
    ['again, later', again],
  ] as const
  return [
    `Ten times more than it can do: ${asked_per_second} a second; at capacity the p99 was ${p99_at_capacity.toFixed(0)} ms`,
    table(
      ['', 'compared/s', 'p50 ms', 'p99 ms', 'refused', 'refusal p50 ms', 'p99 ms', 'failed'],
      rows.map(([name, row]) => [
        name,
        row.accepted_per_second.toFixed(2),
        row.p50_milliseconds.toFixed(0),
        row.p99_milliseconds.toFixed(0),
        String(row.refused),
        row.refusal_p50_milliseconds.toFixed(1),
        row.refusal_p99_milliseconds.toFixed(1),
        String(row.failed),
      ]),
    ),
    'Cores in use meanwhile',
    table(
      ['', 'service', 'inference processes', 'clients'],
      rows.map(([name, { cores }]) => [
        name,
        cores.service.toFixed(2),
        cores.inference.toFixed(2),
        cores.clients.toFixed(2),
      ]),
    ),
  ].join('\n')
}

function formatSoak(rows: readonly SoakRow[]): string {
  const growth = growthOf(rows)
  return [
    `Soak; memory over the last three quarters: ${growth >= 0 ? '+' : ''}${(100 * growth).toFixed(1)} %`,
    table(
      ['comparisons', 'service MB', 'inference MB', 'open files', 'failed'],
      rows.map((row) => [
        String(row.comparisons),
        row.service_megabytes.toFixed(0),
        row.workers_megabytes.toFixed(0),
        String(row.open_files),
        String(row.failed),
      ]),
    ),
  ].join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  ')).join('\n')
}
