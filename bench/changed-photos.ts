import type { ChangedContract } from './changed-worker.js'
import { Progress } from './progress.js'
import type { SuiteOptions } from './suites/suite.js'
import { WorkerProcess } from './worker-process.js'

export type { SeenFace } from './changed-worker.js'

/**
 * Changes photos and sees their main faces with the service's own pipeline, in processes of their own.
 * @returns an answer for each request, in their order
 * @throws Error when the runtime does not load, a file cannot be read, or a process ends by itself
 */
export async function seeChanged(
  requests: readonly ChangedContract['request'][],
  { runtime, processes }: SuiteOptions,
  outer: AbortSignal,
): Promise<ChangedContract['answer'][]> {
  const script = new URL('./changed-worker.js', import.meta.url)
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const progress = new Progress(requests.length, 'photo')
  const answers = new Array<ChangedContract['answer']>(requests.length)
  let next = 0
  const share = async () => {
    const { worker } = await WorkerProcess.start<ChangedContract>(script, [runtime], signal)
    while (next < requests.length) {
      const i = next++
      answers[i] = await worker.ask(requests[i])
      progress.step()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(processes, requests.length) }, share))
    return answers
  } finally {
    progress.clear()
    stop.abort()
  }
}
