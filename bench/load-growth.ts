import { usableCpus } from '../lib/pool/usable-cpus.js'
import { COMMON_OPTIONS, parseCount, parseOptions, parseRuntime, RUNTIME_USAGE, runCommand } from './command.js'
import { BUSY_CLIENTS, type ClientsRow, measureClients, warmUpService } from './http-measurements.js'
import { withService } from './http-target.js'
import { curveTable, writeCharts } from './plot/curves.js'
import { Progress } from './progress.js'

/** Comparisons under way, for each inference process: one is worked on, the rest waits. */
const UNDER_WAY = [0.5, 1, 1.5, 2, 3, 4, 5]

const USAGE = `Usage: npm run bench:load -- [options]

How the service fares with more inference processes, and with more comparisons that wait: comparisons a second, and times.

  --runtime NAME   ${RUNTIME_USAGE}
  --seconds N      seconds of each measurement; default: 10
  --out DIR        also writes the curves there, as SVG
  --help           print this
`

async function main(signal: AbortSignal): Promise<void> {
  const { runtime, seconds, out, help } = parseOptions(process.argv.slice(2), {
    runtime: COMMON_OPTIONS.runtime,
    seconds: { type: 'string', default: '10' },
    out: { type: 'string' },
    help: COMMON_OPTIONS.help,
  })
  if (help) return void process.stdout.write(USAGE)
  const [engine, length, cpus] = [parseRuntime(runtime), parseCount('seconds', seconds), usableCpus()]
  const processes = Array.from({ length: 2 * cpus }, (_, i) => i + 1)
  const progress = new Progress(processes.length + UNDER_WAY.length, 'measurement')
  const measure = (workers: number, clients: readonly number[]) =>
    withService(engine, workers, async (started) => {
      const target = { ...started, signal, progress }
      await warmUpService(target)
      const rows: ClientsRow[] = []
      for (const count of clients) rows.push(await measureClients(target, count, length))
      return rows
    })

  const byProcesses: [number, number][] = []
  for (const workers of processes) {
    const [row] = await measure(workers, [BUSY_CLIENTS * workers])
    byProcesses.push([workers, row.accepted_per_second])
  }
  const queued = await measure(
    cpus,
    UNDER_WAY.map((each) => Math.ceil(each * cpus)),
  )
  progress.clear()
  const rates = [{ name: 'comparisons a second', points: byProcesses }]
  const curve = (of: (row: ClientsRow) => number) => queued.map((row): [number, number] => [row.clients, of(row)])
  const times = [
    { name: 'p50, ms', points: curve(({ p50_milliseconds }) => p50_milliseconds) },
    { name: 'p99, ms', points: curve(({ p99_milliseconds }) => p99_milliseconds) },
  ]
  const queue = [...times, { name: 'comparisons a second', points: curve((row) => row.accepted_per_second) }]
  process.stdout.write(
    `${curveTable('inference processes', rates, 1)}\n\n${curveTable('comparisons under way', queue, 1)}\n`,
  )
  if (out === undefined) return
  await writeCharts(out, {
    'performance-processes.svg': {
      title: `Throughput against the number of inference processes, ${cpus} CPUs`,
      description: 'Comparisons a second over the number of inference processes',
      x: { label: 'inference processes' },
      y: { label: 'comparisons a second', from: 0 },
      series: rates,
    },
    'performance-queue.svg': {
      title: `Time of a comparison against how many are under way, ${cpus} processes`,
      description: 'Median and 99th percentile of the time from request to reply over the comparisons under way',
      x: { label: 'comparisons under way' },
      y: { label: 'milliseconds', from: 0 },
      series: times,
    },
  })
}

await runCommand(USAGE, main)
