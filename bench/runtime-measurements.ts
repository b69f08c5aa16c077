import type { PresetName } from '../lib/face/presets.js'
import { createPooledFaceEngine } from '../lib/pool/pooled-face-engine.js'
import { usableCpus } from '../lib/pool/usable-cpus.js'
import type { RuntimeName } from '../lib/runtime/face-networks.js'
import type { PrecisionChoice } from '../lib/runtime/precision.js'
import { residentMemory } from '../test/process-tree.js'
import { BareEngines } from './bare-engines.js'
import type { BenchContract, Side } from './bench-worker.js'
import { Progress } from './progress.js'
import { RUNTIME_ROWS } from './tasks.js'
import { WorkerProcess } from './worker-process.js'

/** A column: our pipeline on a runtime, or face-api as shipped (then the runtime says on what its layers run). */
export interface RuntimeSide {
  readonly side: Side
  readonly runtime: RuntimeName
  /** Default: auto. */
  readonly precision?: PrecisionChoice
}

/** face-api comes first: the others are told in ratios to it. */
export const RUNTIME_SIDES: readonly RuntimeSide[] = [
  { side: 'face-api', runtime: 'face-api' },
  { side: 'facemetric', runtime: 'tensorflow' },
  { side: 'facemetric', runtime: 'onnx', precision: 'fp32' },
  { side: 'facemetric', runtime: 'onnx' },
  { side: 'facemetric', runtime: 'wasm' },
]

export interface RuntimeRow {
  readonly name: string
  /** Milliseconds of one run, round by round, a list a side. */
  readonly milliseconds: readonly (readonly number[])[]
}

export interface RowsMeasured {
  readonly sides: readonly (RuntimeSide & { readonly description: string })[]
  /** Of the sides that did not load, why. */
  readonly failed: readonly string[]
  readonly rows: readonly RuntimeRow[]
}

/** Every row on every side that loads, in turns, so that whatever slows the machine down for a while slows all. */
export async function measureRows(
  wanted: readonly RuntimeSide[],
  portraits: readonly string[],
  { rounds, leastMilliseconds, preset }: { rounds: number; leastMilliseconds: number; preset: PresetName },
  signal: AbortSignal,
): Promise<RowsMeasured> {
  const stop = new AbortController()
  const script = new URL('./bench-worker.js', import.meta.url)
  const progress = new Progress(RUNTIME_ROWS.length * rounds, 'round')
  try {
    const started = await Promise.allSettled(
      wanted.map(async (side) => {
        const signals = AbortSignal.any([signal, stop.signal])
        const args = [side.side, side.runtime, '1', side.precision ?? 'auto', preset]
        return { ...side, ...(await WorkerProcess.start<BenchContract>(script, args, signals)) }
      }),
    )
    signal.throwIfAborted()
    const sides = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    const failed = started.flatMap((start) => (start.status === 'rejected' ? [messageOf(start.reason)] : []))
    const rows: RuntimeRow[] = []
    for (const { name, taskOf } of RUNTIME_ROWS) {
      const milliseconds = sides.map((): number[] => [])
      for (const { worker } of sides) await worker.ask({ task: taskOf(0, portraits), leastMilliseconds: 0 })
      for (let round = 0; round < rounds; round++) {
        const request = { task: taskOf(round, portraits), leastMilliseconds }
        for (const [i, { worker }] of sides.entries()) milliseconds[i].push(await worker.ask(request))
        progress.step()
      }
      rows.push({ name, milliseconds })
    }
    return { sides: sides.map(({ worker, ready, ...side }) => ({ ...side, description: ready })), failed, rows }
  } finally {
    progress.clear()
    stop.abort()
  }
}

export interface ProcessesRow {
  readonly runtime: RuntimeName
  readonly processes: number
  readonly threads: number
  /** Pairs a second of all processes together, round by round. */
  readonly pairs_per_second: readonly number[]
}

/** One CPU, then all of them: as threads of one process, and as processes of one thread. */
export async function measureProcesses(
  runtimes: readonly RuntimeName[],
  portraits: readonly string[],
  { throughputRounds, throughputSeconds }: { throughputRounds: number; throughputSeconds: number },
  signal: AbortSignal,
): Promise<ProcessesRow[]> {
  const all = usableCpus()
  const layouts = [
    { processes: 1, threads: 1 },
    { processes: 1, threads: all },
    { processes: all, threads: 1 },
  ]
  const rows: ProcessesRow[] = []
  for (const runtime of runtimes) {
    const stop = new AbortController()
    const signals = AbortSignal.any([signal, stop.signal])
    try {
      const started = []
      for (const { processes, threads } of layouts) {
        started.push(await BareEngines.start(processes, runtime, portraits, signals, threads))
      }
      const rates = layouts.map((): number[] => [])
      for (let round = 0; round < throughputRounds; round++) {
        for (const [i, engines] of started.entries()) rates[i].push(await engines.measure(throughputSeconds))
      }
      rows.push(...layouts.map((layout, i) => ({ runtime, ...layout, pairs_per_second: rates[i] })))
    } finally {
      stop.abort()
    }
  }
  return rows
}

export interface MemoryRow {
  readonly runtime: RuntimeName
  /** Resident memory of one inference process, in megabytes: when it is ready, and after comparisons. */
  readonly ready_megabytes: number
  readonly working_megabytes: number
}

/** The memory of an inference process as the service starts it. */
export async function measureMemory(
  runtimes: readonly RuntimeName[],
  portraits: readonly string[],
  comparisons: number,
): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = []
  for (const runtime of runtimes) {
    const pool = await createPooledFaceEngine({ runtime, workers: 1 })
    try {
      const megabytes = () => residentMemory(pool.stats().processes[0].pid ?? 0) / 2 ** 20
      const ready = megabytes()
      for (let i = 0; i < comparisons; i++) {
        await pool.compare(portraits[i % portraits.length], portraits[(i + 1) % portraits.length])
      }
      rows.push({ runtime, ready_megabytes: ready, working_megabytes: megabytes() })
    } finally {
      await pool.close()
    }
  }
  return rows
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
