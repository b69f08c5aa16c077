import type { Phase } from '../lib/timings.js'
import {
  COMMON_OPTIONS,
  PRESET_OPTION,
  PRESET_USAGE,
  parseCount,
  parseOptions,
  parsePreset,
  parseRuntime,
  RUNTIME_USAGE,
  runCommand,
} from './command.js'
import type { Costs, OverheadContract } from './overhead-worker.js'
import { withPortraits } from './portraits.js'
import { Progress } from './progress.js'
import { quartiles } from './statistics.js'
import { WorkerProcess } from './worker-process.js'

const PHASES = ['decode', 'detect', 'landmarks', 'describe'] as const satisfies readonly Phase[]

const USAGE = `Usage: npm run bench:overhead -- [options]

Says what a pair of photos costs beside its networks: the whole way from two JPEG files of 250 x 250 pixels to the distance,
the networks alone with the same inputs in the same batches, and decoding alone, in turns in one process. Processor time of all its threads,
of which V8 compiles on some beside the first 2,000 pairs or so: they are compared before.

  --runtime NAME   ${RUNTIME_USAGE}
  --preset NAME    ${PRESET_USAGE}
  --rounds N       default: 30
  --runs N         runs of each in a round; default: 10
  --warm-up N      pairs that are compared before the first round; default: 2000; 0: measure a process that has just started
  --json           print one JSON object
  --help           print this
`

async function main(signal: AbortSignal): Promise<void> {
  const options = parseOptions(process.argv.slice(2), {
    ...COMMON_OPTIONS,
    ...PRESET_OPTION,
    rounds: { type: 'string', default: '30' },
    runs: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '2000' },
  })
  if (options.help) {
    process.stdout.write(USAGE)
    return
  }
  const runtime = parseRuntime(options.runtime)
  const preset = parsePreset(options.preset)
  const rounds = parseCount('rounds', options.rounds)
  const runs = parseCount('runs', options.runs)
  const warmUp = parseCount('warm-up', options['warm-up'], 0)
  const script = new URL('./overhead-worker.js', import.meta.url)
  const { worker, ready } = await WorkerProcess.start<OverheadContract>(script, [runtime, preset], signal)
  try {
    const costs = await withPortraits((portraits) => ask(worker, portraits, { rounds, runs, warmUp }))
    const report = makeReport(ready, costs)
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
  } finally {
    worker.stop()
  }
}

interface Amounts {
  readonly rounds: number
  readonly runs: number
  readonly warmUp: number
}

async function ask(
  worker: WorkerProcess<OverheadContract>,
  portraits: readonly string[],
  { rounds, runs, warmUp }: Amounts,
): Promise<Costs[]> {
  const pairOf = (turn: number) => [turn, turn + 1].map((i) => portraits[i % portraits.length])
  const warming = new Progress(warmUp, 'pair')
  for (let turn = 0; turn < warmUp; turn++) {
    await worker.ask({ photos: pairOf(turn) })
    warming.step()
  }
  warming.clear()
  const progress = new Progress(rounds, 'round')
  const costs: Costs[] = []
  for (let round = 0; round < rounds; round++) {
    const { measured } = await worker.ask({ photos: pairOf(round), runs })
    if (measured !== undefined) costs.push(measured)
    progress.step()
  }
  progress.clear()
  return costs
}

type Report = ReturnType<typeof makeReport>

function makeReport(engine: string, costs: readonly Costs[]) {
  return {
    engine,
    rounds: costs.length,
    pair: quartiles(costs.map(({ pair }) => pair)),
    networks: quartiles(costs.map(({ networks }) => networks)),
    decoding: quartiles(costs.map(({ decoding }) => decoding)),
    rest: quartiles(costs.map(({ pair, networks, decoding }) => pair - networks - decoding)),
    ratio: quartiles(costs.map(({ pair, networks }) => pair / networks)),
    /** Time on the clock, of one run a round. */
    phases: PHASES.map((phase) => ({ phase, ...quartiles(costs.map(({ timings }) => timings[phase])) })),
  }
}

function formatReport({ engine, rounds, pair, networks, decoding, rest, ratio, phases }: Report): string {
  const clock = phases.map(({ phase, median }) => `${phase} ${median.toFixed(1)}`).join(', ')
  return [
    `${engine}; medians of ${rounds} rounds, milliseconds of processor time`,
    `pair of photos        ${pair.median.toFixed(2)}`,
    `its networks alone    ${networks.median.toFixed(2)}`,
    `decoding both alone   ${decoding.median.toFixed(2)}`,
    `the rest              ${rest.median.toFixed(2)}`,
    `ratio                 ${ratio.median.toFixed(3)} (quartiles ${ratio.lower.toFixed(3)} to ${ratio.upper.toFixed(3)})`,
    `on the clock          ${clock}`,
    '',
  ].join('\n')
}

await runCommand(USAGE, main)
