import { usableCpus } from '../lib/pool/usable-cpus.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { BareEngines } from './bare-engines.js'
import {
  COMMON_OPTIONS,
  parseChoice,
  parseCount,
  parseOptions,
  parseRuntime,
  RUNTIME_USAGE,
  runCommand,
} from './command.js'
import { measureAlone, measureClients, measureThroughput, warmUpService } from './http-measurements.js'
import { measureOverload } from './http-overload.js'
import { describeMachine, formatHttpReport, type HttpReport, shareOf } from './http-report.js'
import { measureSoak, SOAK_PARTS } from './http-soak.js'
import { withService } from './http-target.js'
import { Progress } from './progress.js'
import { quantile } from './statistics.js'

const PARTS = ['throughput', 'alone', 'clients', 'overload', 'soak'] as const
const CLIENTS = [1, 2, 8, 64]

const USAGE = `Usage: npm run bench:http -- [options]

Starts the service and measures what its clients see: comparisons a second beside as many engine processes without HTTP;
a lone client's time beside that with one inference process, and a pair on one core; times at ${CLIENTS.join(', ')} clients; ten times more requests than it can answer; memory and open files over many comparisons.

  --runtime NAME    ${RUNTIME_USAGE}
  --workers N       inference processes; default: the CPUs that may be used
  --only PART       ${PARTS.join(', ')}; overload measures throughput first
  --rounds N        rounds of the throughput; default: 10
  --seconds N       seconds of each measurement; default: 10
  --comparisons N   comparisons of the soak; default: 10000
  --json            print one JSON object
  --help            print this
`

async function main(signal: AbortSignal): Promise<void> {
  const options = parseOptions(process.argv.slice(2), {
    ...COMMON_OPTIONS,
    workers: { type: 'string', default: String(usableCpus()) },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    comparisons: { type: 'string', default: '10000' },
  })
  if (options.help) {
    process.stdout.write(USAGE)
    return
  }
  const runtime = parseRuntime(options.runtime)
  const part = options.only === '' ? undefined : parseChoice('--only', options.only, PARTS)
  const effort = {
    workers: parseCount('workers', options.workers),
    rounds: parseCount('rounds', options.rounds),
    seconds: parseCount('seconds', options.seconds),
    comparisons: parseCount('comparisons', options.comparisons),
  }
  const report = await measure(runtime, part, effort, signal)
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : formatHttpReport(report)}\n`)
}

interface Effort {
  readonly workers: number
  readonly rounds: number
  readonly seconds: number
  readonly comparisons: number
}

async function measure(
  runtime: RuntimeChoice,
  part: (typeof PARTS)[number] | undefined,
  { workers, rounds, seconds, comparisons }: Effort,
  signal: AbortSignal,
): Promise<HttpReport> {
  const wanted = (name: (typeof PARTS)[number]) => part === undefined || part === name
  return withService(runtime, workers, async (started) => {
    const steps: Record<(typeof PARTS)[number], number> = {
      throughput: rounds,
      alone: 1,
      clients: CLIENTS.length,
      overload: 3 + (wanted('throughput') ? 0 : rounds),
      soak: SOAK_PARTS,
    }
    const measurements = PARTS.filter(wanted).reduce((sum, name) => sum + steps[name], 0)
    const progress = new Progress(measurements, 'measurement')
    const target = { ...started, signal, progress }
    if (part !== 'soak') await warmUpService(target)
    let throughput: Awaited<ReturnType<typeof measureThroughput>> | undefined
    if (wanted('throughput') || wanted('overload')) {
      const bare = await BareEngines.start(workers, runtime, started.portraits, signal)
      await bare.warmUp()
      throughput = await measureThroughput(target, bare, rounds, seconds)
      bare.stop()
    }
    const alone = wanted('alone') ? await measureAlone(target, runtime, rounds) : undefined
    const clients: HttpReport['clients'] & object[] = []
    for (const count of wanted('clients') ? CLIENTS : []) clients.push(await measureClients(target, count, seconds))
    const overload =
      throughput && wanted('overload')
        ? await measureOverload(target, quantile(throughput.http, 0.5), seconds)
        : undefined
    const soak = wanted('soak') ? await measureSoak(target, comparisons) : undefined
    progress.clear()
    return {
      machine: describeMachine(),
      engine: String(started.service.log.find(({ engine }) => engine !== undefined)?.msg),
      inference_processes: workers,
      throughput: throughput && { ...throughput, share: shareOf(throughput) },
      alone,
      clients: wanted('clients') ? clients : undefined,
      overload,
      soak,
    }
  })
}

await runCommand(USAGE, main)
