import type { Config } from '../../lib/config.js'
import { createPooledFaceEngine } from '../../lib/pool/pooled-face-engine.js'
import type { RuntimeName } from '../../lib/runtime/face-networks.js'
import { AUTO_ORDER, type RuntimeChoice } from '../../lib/runtime/load-networks.js'
import type { SamplePhotos } from '../../lib/sample-photos.js'
import { type Finding, reasonOf } from './finding.js'

/** A comparison on a slow machine that is busy with something else as well. */
const TIMEOUT_SECONDS = 60

/** How a runtime fared: whether it loads at all, and whether it gives the right answers. */
export interface RuntimeFinding extends Finding {
  readonly runtime: RuntimeName
  readonly loads: boolean
}

/**
 * Loads a runtime and has it compare the sample photos: in a process of its own, as the service does, because a native
 * library that does not fit the machine takes its process with it.
 * @param photos left out, it is only loaded
 */
export async function examineRuntime(
  runtime: RuntimeName,
  { workerMemory, precision }: Pick<Config, 'workerMemory' | 'precision'>,
  photos?: SamplePhotos,
): Promise<RuntimeFinding> {
  const about = { part: 'runtime', name: runtime, runtime }
  const options = { runtime, precision, workers: 1, workerMemory, timeout: TIMEOUT_SECONDS }
  let loads = false
  try {
    const engine = await createPooledFaceEngine(options)
    try {
      const readiness = engine.readiness()
      if (!readiness.ready) throw new Error(readiness.reason)
      loads = true
      const answers = photos === undefined ? 'not tested' : await selfTest(engine, photos)
      return { ...about, loads, verdict: 'ok', detail: `${engine.description}; ${answers}` }
    } finally {
      await engine.close()
    }
  } catch (error) {
    const reason = reasonOf(error).replace(`the runtime ${runtime}: `, '')
    return { ...about, loads, verdict: loads ? 'warning' : 'absent', detail: reason }
  }
}

/** The runtime that the service would take, which has to work. */
export function examineChoice(choice: RuntimeChoice, runtimes: readonly RuntimeFinding[]): Finding {
  const about = { part: 'engine', name: choice }
  const chosen = runtimes.find(({ runtime, loads }) =>
    choice === 'auto' ? loads && AUTO_ORDER.includes(runtime) : runtime === choice,
  )
  if (chosen === undefined) return { ...about, verdict: 'failed', detail: `none of ${AUTO_ORDER.join(', ')} loads` }
  if (chosen.verdict !== 'ok') return { ...about, verdict: 'failed', detail: `${chosen.runtime}: ${chosen.detail}` }
  return { ...about, verdict: 'ok', detail: `the service compares with ${chosen.runtime}` }
}

type Engine = Pick<Awaited<ReturnType<typeof createPooledFaceEngine>>, 'compare'>

/** @throws Error when an answer is wrong */
async function selfTest(engine: Engine, photos: SamplePhotos): Promise<string> {
  const started = performance.now()
  const same = await engine.compare(photos.reference, photos.samePerson)
  const other = await engine.compare(photos.reference, photos.otherPerson)
  const milliseconds = Math.round((performance.now() - started) / 2)
  const distances = `same person at distance ${same.distance}, other person at ${other.distance}`
  if (!same.identical || other.identical) throw new Error(`wrong answers: ${distances}, threshold ${same.threshold}`)
  return `${distances}, ${milliseconds} ms each`
}
