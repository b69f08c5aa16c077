import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { RUNTIME_NAMES, type RuntimeName } from '../lib/runtime/face-networks.js'
import { freePort } from '../test/free-port.js'
import { formOf, Service } from '../test/service.js'
import { parseChoice, parseCount, parseOptions, runCommand } from './command.js'
import { withPortraits } from './portraits.js'
import { quantile } from './statistics.js'

const USAGE = `Usage: npm run bench:start-up -- [options]

Says how long the service takes from its start as a process until /health/ready answers 200, and how long the first comparison
after that takes, and those up to the twentieth, over HTTP. Each comes alone, as logins do. Medians; the runtimes in turns. The
first round of each is not counted: it writes the graphs that the next ones find.

  --runtime NAME   one of ${RUNTIME_NAMES.join(', ')}; default: onnx and tensorflow
  --workers N      inference processes; default: as many as CPUs
  --pause MS       between two comparisons; default: 200; 0: one straight after another
  --copies         compare a photo with itself: to recognise a copy takes longest
  --rounds N       default: 5
  --help           print this
`

/** After which comparison of those after a start a column of the table ends: a single one may be what V8 compiles beside. */
const COLUMNS = [1, 9, 10, 20]
const HEADS = ['first comparison', 'second to ninth', 'tenth', 'eleventh to twentieth']
/** Forms that this process sends elsewhere first: its own code shall not be what makes the first comparison slow. */
const REHEARSALS = 50

interface StartUp {
  readonly ready: number
  /** Of each comparison, in their order. */
  readonly times: readonly number[]
}

async function main(signal: AbortSignal): Promise<void> {
  const options = parseOptions(process.argv.slice(2), {
    runtime: { type: 'string' },
    workers: { type: 'string' },
    pause: { type: 'string', default: '200' },
    copies: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  })
  if (options.help) return void process.stdout.write(USAGE)
  const runtimes: readonly RuntimeName[] =
    options.runtime === undefined ? ['onnx', 'tensorflow'] : [parseChoice('--runtime', options.runtime, RUNTIME_NAMES)]
  const workers: Record<string, string> =
    options.workers === undefined ? {} : { FACEMETRIC_WORKERS: String(parseCount('workers', options.workers)) }
  const pause = parseCount('pause', options.pause, 0)
  const rounds = parseCount('rounds', options.rounds)
  await withPortraits(async ([reference, other]) => {
    const pair = [reference, options.copies ? reference : other]
    await rehearseAsking(pair)
    const measured = new Map(runtimes.map((runtime) => [runtime, [] as StartUp[]]))
    for (let round = 0; round <= rounds; round++) {
      for (const [runtime, startUps] of measured) {
        signal.throwIfAborted()
        const startUp = await measure({ FACEMETRIC_ENGINE: runtime, ...workers }, pair, pause, signal)
        if (round > 0) startUps.push(startUp)
      }
    }
    process.stdout.write(format(measured))
  })
}

/**
 * @param env of the service
 * @param pause milliseconds between two comparisons
 */
async function measure(
  env: Record<string, string>,
  [reference, live]: readonly string[],
  pause: number,
  signal: AbortSignal,
): Promise<StartUp> {
  const begun = performance.now()
  const service = await Service.start({ env })
  try {
    const health = await fetch(`${service.url}/health/ready`)
    const ready = performance.now() - begun
    if (health.status !== 200) throw new Error(`/health/ready answered ${health.status}`)
    const times: number[] = []
    for (let turn = 0; turn < COLUMNS[COLUMNS.length - 1]; turn++) {
      if (turn > 0) await sleep(pause, undefined, { signal })
      const sent = performance.now()
      const reply = await service.compare(reference, live)
      if (reply.status !== 200) throw new Error(`a comparison answered ${reply.status}`)
      await reply.arrayBuffer()
      times.push(performance.now() - sent)
    }
    return { ready, times }
  } finally {
    await service.stop()
  }
}

async function rehearseAsking([reference, live]: readonly string[]): Promise<void> {
  const server = createServer((request, reply) => void request.resume().on('end', () => reply.end('{}')))
  const port = await freePort()
  await once(server.listen(port, '127.0.0.1'), 'listening')
  for (let turn = 0; turn < REHEARSALS; turn++) {
    await (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: formOf(reference, live) })).arrayBuffer()
  }
  server.close()
}

function format(measured: ReadonlyMap<RuntimeName, readonly StartUp[]>): string {
  const head = [`| milliseconds | ready | ${HEADS.join(' | ')} |`, `|---|---:|${'---:|'.repeat(HEADS.length)}`]
  return [...head, ...[...measured].map(row), ''].join('\n')
}

function row([runtime, startUps]: readonly [RuntimeName, readonly StartUp[]]): string {
  const ready = startUps.map((startUp) => startUp.ready)
  const comparisons = COLUMNS.map((end, i) => startUps.flatMap(({ times }) => times.slice(COLUMNS[i - 1] ?? 0, end)))
  return `| ${[runtime, ...[ready, ...comparisons].map((values) => quantile(values, 0.5).toFixed(1))].join(' | ')} |`
}

await runCommand(USAGE, main)
