import type { BenchOptions } from './bench-options.js'
import type { BenchContract, Side } from './bench-worker.js'
import { Progress } from './progress.js'
import { WorkerProcess } from './worker-process.js'

/** Milliseconds of one run in each round, ours and face-api's one after the other. */
export interface Measurement {
  readonly name: string
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
}

export interface Comparison {
  /** The backends in words. */
  readonly engines: { readonly facemetric: string; readonly face_api: string }
  readonly measurements: readonly Measurement[]
}

/**
 * Times the rows on both sides, in turns, so that whatever slows the machine down for a while slows both.
 * @throws Error when a side does not load, or finds no face in a portrait
 */
export async function compareSides(
  { rows, runtime, effort }: BenchOptions,
  portraits: readonly string[],
  signal: AbortSignal,
): Promise<Comparison> {
  const script = new URL('./bench-worker.js', import.meta.url)
  const stop = new AbortController()
  const start = (side: Side) =>
    WorkerProcess.start<BenchContract>(script, [side, runtime], AbortSignal.any([signal, stop.signal]))
  const progress = new Progress(rows.length * effort.rounds, 'measurement')
  try {
    const ours = await start('facemetric')
    const theirs = await start('face-api')
    const measurements: Measurement[] = []
    for (const { name, taskOf } of rows) {
      const measurement = { name, ours: [] as number[], theirs: [] as number[] }
      for (const { worker } of [ours, theirs]) await worker.ask({ task: taskOf(0, portraits), leastMilliseconds: 0 })
      for (let round = 0; round < effort.rounds; round++) {
        const request = { task: taskOf(round, portraits), leastMilliseconds: effort.leastMilliseconds }
        measurement.ours.push(await ours.worker.ask(request))
        measurement.theirs.push(await theirs.worker.ask(request))
        progress.step()
      }
      measurements.push(measurement)
    }
    return { engines: { facemetric: ours.ready, face_api: theirs.ready }, measurements }
  } finally {
    progress.clear()
    stop.abort()
  }
}
