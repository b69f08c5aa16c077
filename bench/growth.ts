import type { Faces } from '../schemas/compare.js'
import { COMMON_OPTIONS, parseCount, parseOptions, parseRuntime, RUNTIME_USAGE, runCommand } from './command.js'
import { enlarge, gather, MOST_PEOPLE } from './growth-photos.js'
import type { NodePeerContract } from './peers/node-peer.js'
import { type Curve, curveTable, writeCharts } from './plot/curves.js'
import type { LineChart } from './plot/line-chart.js'
import { withPortraits } from './portraits.js'
import { quantile } from './statistics.js'
import { WorkerProcess } from './worker-process.js'

const MEGAPIXELS = [0.06, 0.25, 1, 3, 6, 12, 24, 50]
const PEOPLE = [1, 2, 4, 8, 16, MOST_PEOPLE]

const USAGE = `Usage: npm run bench:growth -- [options]

How the cost of a comparison grows: with the size of both photos, as JPEG, and with the number of people in one of them.
Milliseconds of processor time of all threads; medians.

  --runtime NAME   ${RUNTIME_USAGE}
  --rounds N       default: 7
  --out DIR        also writes the curves there, as SVG
  --help           print this
`

async function main(signal: AbortSignal): Promise<void> {
  const { runtime, rounds, out, help } = parseOptions(process.argv.slice(2), {
    runtime: COMMON_OPTIONS.runtime,
    rounds: { type: 'string', default: '7' },
    out: { type: 'string' },
    help: COMMON_OPTIONS.help,
  })
  if (help) return void process.stdout.write(USAGE)
  const engine = parseRuntime(runtime)
  const script = new URL('./peers/node-peer.js', import.meta.url)
  const { worker } = await WorkerProcess.start<NodePeerContract>(script, ['facemetric', engine], signal)
  try {
    const count = parseCount('rounds', rounds)
    const cost = async (first: string, second: string, faces: Faces) => {
      await worker.ask({ reference: first, live: second, runs: 1, faces })
      const times: number[] = []
      for (let i = 0; i < count; i++) times.push(await worker.ask({ reference: first, live: second, runs: 1, faces }))
      return quantile(times, 0.5)
    }

    const bySize: [number, number][] = []
    const byPeople = { largest: [] as [number, number][], any: [] as [number, number][] }
    await withPortraits(async (portraits, folder) => {
      const [reference, live] = portraits
      for (const megapixels of MEGAPIXELS) {
        const photos = [await enlarge(reference, megapixels, folder), await enlarge(live, megapixels, folder)] as const
        bySize.push([megapixels, await cost(...photos, 'largest')])
      }
      for (const people of PEOPLE) {
        const scene = await gather(portraits, people, folder)
        for (const faces of ['largest', 'any'] as const) {
          byPeople[faces].push([people, await cost(scene, reference, faces)])
        }
      }
    })

    const sizes = [{ name: `pair of JPEGs, ${engine}, ms`, points: bySize }]
    const people = [
      { name: 'faces=largest, ms', points: byPeople.largest },
      { name: 'faces=any, ms', points: byPeople.any },
    ]
    process.stdout.write(
      `${curveTable('megapixels of each photo', sizes)}\n\n${curveTable('people in one photo', people)}\n`,
    )
    if (out !== undefined) await writeCurves(out, sizes, people)
  } finally {
    worker.stop()
  }
}

async function writeCurves(out: string, sizes: readonly Curve[], people: readonly Curve[]): Promise<void> {
  const y = { label: 'milliseconds of processor time', from: 0 }
  const charts: Record<string, LineChart> = {
    'performance-size.svg': {
      title: 'Cost against the size of the photos',
      description: 'Processor time of a comparison over the megapixels of each of its photos',
      x: { label: 'megapixels of each photo', scale: 'log' },
      y,
      series: sizes,
    },
    'performance-people.svg': {
      title: 'Cost against the number of people',
      description: 'Processor time of a comparison over the number of people in one of its photos',
      x: { label: 'people in one photo' },
      y,
      series: people,
    },
  }
  await writeCharts(out, charts)
}

await runCommand(USAGE, main)
