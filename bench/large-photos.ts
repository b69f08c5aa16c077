import { createPooledFaceEngine } from '../lib/pool/pooled-face-engine.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { peakMemory } from '../test/process-tree.js'
import { COMMON_OPTIONS, parseCount, parseOptions, parseRuntime, RUNTIME_USAGE, runCommand } from './command.js'
import { enlarge, type LargeFormat } from './growth-photos.js'
import type { LargePhotosContract } from './large-photos-worker.js'
import { withPortraits } from './portraits.js'
import { quantile } from './statistics.js'
import { WorkerProcess } from './worker-process.js'

const USAGE = `Usage: npm run bench:large-photos -- [options]

What a pair of large photos costs beside what there is no way around: decoding both with sharp, at the smallest scale that does,
and a pair of small photos. Milliseconds of processor time, medians of rounds in turns; and the most memory that an
inference process took for such a pair.

  --runtime NAME   ${RUNTIME_USAGE}
  --rounds N       default: 15
  --json           print one JSON object
  --help           print this
`

const KINDS: readonly { readonly name: string; readonly megapixels: number; readonly format: LargeFormat }[] = [
  { name: 'JPEG, 12 megapixels, turned by EXIF', megapixels: 12, format: 'turned-jpeg' },
  { name: 'PNG, 24 megapixels', megapixels: 24, format: 'png' },
  { name: 'WebP, 24 megapixels', megapixels: 24, format: 'webp' },
]

interface Row {
  readonly name: string
  readonly pair: number
  readonly decode: number
  readonly small: number
  /** The median, round by round, of the pair over the sum of both others. */
  readonly ratio: number
  readonly peak_megabytes: number
}

type Pair = readonly [string, string]
type Worker = WorkerProcess<LargePhotosContract>

async function main(signal: AbortSignal): Promise<void> {
  const { runtime, rounds, json, help } = parseOptions(process.argv.slice(2), {
    ...COMMON_OPTIONS,
    rounds: { type: 'string', default: '15' },
  })
  if (help) return void process.stdout.write(USAGE)
  const engine = parseRuntime(runtime)
  const script = new URL('./large-photos-worker.js', import.meta.url)
  const { worker } = await WorkerProcess.start<LargePhotosContract>(script, [engine], signal)
  try {
    const rows = await withPortraits(async ([first, second], folder) => {
      const measured: Row[] = []
      for (const { name, megapixels, format } of KINDS) {
        const large = [
          await enlarge(first, megapixels, folder, format),
          await enlarge(second, megapixels, folder, format),
        ] as const
        const costs = await measure(worker, [first, second], large, parseCount('rounds', rounds))
        measured.push({ name, ...costs, peak_megabytes: await peakOf(engine, large) })
      }
      return measured
    })
    process.stdout.write(`${json ? JSON.stringify(rows, null, 2) : table(rows)}\n`)
  } finally {
    worker.stop()
  }
}

async function measure(worker: Worker, smallPair: Pair, largePair: Pair, rounds: number) {
  const costs: { pair: number; decode: number; small: number }[] = []
  for (let round = -1; round < rounds; round++) {
    const pair = await worker.ask({ task: 'compare', photos: largePair })
    const decode = await worker.ask({ task: 'decode', photos: largePair })
    const small = await worker.ask({ task: 'compare', photos: smallPair })
    if (round >= 0) costs.push({ pair, decode, small }) // The first warms up.
  }
  const median = (of: (cost: (typeof costs)[number]) => number) => quantile(costs.map(of), 0.5)
  return {
    pair: median(({ pair }) => pair),
    decode: median(({ decode }) => decode),
    small: median(({ small }) => small),
    ratio: median(({ pair, decode, small }) => pair / (decode + small)),
  }
}

/** The most memory, in megabytes, that an inference process takes for such pairs. */
async function peakOf(runtime: RuntimeChoice, pair: Pair): Promise<number> {
  const pool = await createPooledFaceEngine({ runtime, workers: 1 })
  try {
    for (let i = 0; i < 10; i++) await pool.compare(...pair)
    return peakMemory(pool.stats().processes[0].pid ?? 0) / 2 ** 20
  } finally {
    await pool.close()
  }
}

function table(rows: readonly Row[]): string {
  const head = ['photos', 'pair, ms', 'decoding both, ms', 'small pair, ms', 'ratio', 'peak MB']
  return [
    `| ${head.join(' | ')} |`,
    `|---|${'---:|'.repeat(head.length - 1)}`,
    ...rows.map(
      ({ name, pair, decode, small, ratio, peak_megabytes }) =>
        `| ${name} | ${pair.toFixed(0)} | ${decode.toFixed(0)} | ${small.toFixed(0)} | ${ratio.toFixed(2)} | ${peak_megabytes.toFixed(0)} |`,
    ),
  ].join('\n')
}

await runCommand(USAGE, main)
