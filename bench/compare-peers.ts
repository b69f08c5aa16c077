import type { PresetName } from '../lib/face/presets.js'
import { PRESET_OPTION, PRESET_USAGE, parseCount, parseOptions, parsePreset, runCommand } from './command.js'
import type { NodePeerContract } from './peers/node-peer.js'
import { PythonPeer } from './peers/python-peer.js'
import { withPortraits } from './portraits.js'
import { Progress } from './progress.js'
import { type Quartiles, quartiles } from './statistics.js'
import { WorkerProcess } from './worker-process.js'

const USAGE = `Usage: npm run bench:peers -- [options]

Compares pairs of photos of 250 x 250 pixels, from two JPEG files to the distance, with Facemetric and with other libraries
as they are shipped, in turns in processes of their own, one thread each. Milliseconds of processor time of all threads.
The Python libraries are installed by npm run setup:peers; one that is not there is left out, and the output says why.

  --preset NAME   ours: ${PRESET_USAGE}
  --rounds N      default: 15
  --json          print one JSON object
  --help          print this
`

/** Runs of one pair in a round: as many as take about as long as a run of face-api or dlib. */
const OUR_RUNS = 20
/** Rounds that are not counted: by then each has loaded, planned, and compiled what runs often. */
const WARM_UP_ROUNDS = 5

interface Timed {
  /** What is to be known about how it was loaded. */
  readonly note?: string
  time(reference: string, live: string): Promise<number>
  stop(): void
}

/** What is compared, ours first. */
const PEERS: readonly { readonly name: string; start(signal: AbortSignal, preset: PresetName): Promise<Timed> }[] = [
  { name: 'Facemetric, onnx', start: (signal, preset) => startNode(['facemetric', 'onnx', preset], OUR_RUNS, signal) },
  {
    name: 'Facemetric, tensorflow',
    start: (signal, preset) => startNode(['facemetric', 'tensorflow', preset], OUR_RUNS, signal),
  },
  { name: 'face-api on tfjs-node', start: (signal) => startNode(['face-api', 'tfjs-node'], 1, signal) },
  { name: 'face-api on WebAssembly', start: (signal) => startNode(['face-api', 'wasm'], 1, signal) },
  { name: 'face_recognition (dlib)', start: (signal) => startPython('face_recognition', signal) },
  { name: 'DeepFace, default model', start: (signal) => startPython('deepface', signal) },
]

async function startNode(args: readonly string[], runs: number, signal: AbortSignal): Promise<Timed> {
  const script = new URL('./peers/node-peer.js', import.meta.url)
  const { worker } = await WorkerProcess.start<NodePeerContract>(script, args, signal)
  return { time: (reference, live) => worker.ask({ reference, live, runs }), stop: () => worker.stop() }
}

async function startPython(name: string, signal: AbortSignal): Promise<Timed> {
  const peer = await PythonPeer.start(name, signal)
  return { note: peer.note, time: (reference, live) => peer.time(reference, live, 1), stop: () => peer.stop() }
}

interface Row {
  readonly name: string
  readonly milliseconds?: Quartiles
  /** How many times as long it takes as the first that was measured, round by round. */
  readonly ratio?: Quartiles
  readonly failed?: string
  readonly note?: string
}

async function main(signal: AbortSignal): Promise<void> {
  const { preset, rounds, json, help } = parseOptions(process.argv.slice(2), {
    ...PRESET_OPTION,
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  })
  if (help) return void process.stdout.write(USAGE)
  const stop = new AbortController()
  try {
    const signals = AbortSignal.any([signal, stop.signal])
    const rows = await withPortraits((portraits) =>
      measure(portraits, parsePreset(preset), parseCount('rounds', rounds), signals),
    )
    process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : format(rows))
  } finally {
    stop.abort()
  }
}

async function measure(
  portraits: readonly string[],
  preset: PresetName,
  rounds: number,
  signal: AbortSignal,
): Promise<Row[]> {
  const pairs = portraits.map((portrait, i) => [portrait, portraits[(i + 1) % portraits.length]] as const)
  const failed = new Map<string, string>()
  const running: { name: string; peer: Timed; times: number[] }[] = []
  for (const { name, start } of PEERS) {
    try {
      const peer = await start(signal, preset)
      await peer.time(...pairs[0]) // Fails where it does not load.
      running.push({ name, peer, times: [] })
    } catch (error) {
      failed.set(name, error instanceof Error ? error.message : String(error))
    }
  }
  const progress = new Progress(WARM_UP_ROUNDS + rounds, 'round')
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const pair = pairs[(round + WARM_UP_ROUNDS) % pairs.length]
    for (const { peer, times } of running) {
      const time = await peer.time(...pair)
      if (round >= 0) times.push(time)
    }
    progress.step()
  }
  progress.clear()
  for (const { peer } of running) peer.stop()
  return PEERS.map(({ name }) => {
    const measured = running.find((one) => one.name === name)
    if (measured === undefined) return { name, failed: failed.get(name) }
    const ratios = measured.times.map((time, round) => time / running[0].times[round])
    return { name, note: measured.peer.note, milliseconds: quartiles(measured.times), ratio: quartiles(ratios) }
  })
}

function format(rows: readonly Row[]): string {
  const lines = rows.map(({ name, milliseconds, ratio, failed }) =>
    milliseconds && ratio
      ? `| ${name} | ${milliseconds.median.toFixed(1)} | ${ratio.median.toFixed(2)} (${ratio.lower.toFixed(2)} to ${ratio.upper.toFixed(2)}) |`
      : `| ${name} | not measured: ${failed} | |`,
  )
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]))
  return ['| | ms a pair | times as long (quartiles) |', '|---|---:|---:|', ...lines, '', ...notes].join('\n')
}

await runCommand(USAGE, main)
