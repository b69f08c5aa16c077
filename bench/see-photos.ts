import type { PhotoContract } from './photo-worker.js'
import { Progress } from './progress.js'
import type { SuiteOptions } from './suites/suite.js'
import { WorkerProcess } from './worker-process.js'

export type { SeenFace } from './photo-worker.js'
export type PhotoRequest = PhotoContract['request']
export type PhotoAnswer = PhotoContract['answer']

/**
 * Changes photos and sees their main faces with the service's own pipeline, in processes of their own; tells its progress.
 * @returns an answer for each request, in their order, and the runtime that gave them
 * @throws Error when the runtime does not load, a file cannot be read, or a process ends by itself
 */
export async function seePhotos(
  requests: readonly PhotoRequest[],
  { runtime, preset, processes }: Pick<SuiteOptions, 'runtime' | 'preset' | 'processes'>,
  outer: AbortSignal,
): Promise<{ answers: PhotoAnswer[]; ready: PhotoContract['ready'] }> {
  const script = new URL('./photo-worker.js', import.meta.url)
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const progress = new Progress(requests.length, 'photo')
  const answers = new Array<PhotoAnswer>(requests.length)
  let next = 0
  const share = async () => {
    const { worker, ready } = await WorkerProcess.start<PhotoContract>(script, [runtime, preset], signal)
    while (next < requests.length) {
      const i = next++
      answers[i] = await worker.ask(requests[i]).catch((error: Error) => {
        throw new Error(`${requests[i].path}: ${error.message}`)
      })
      progress.step()
    }
    return ready
  }
  try {
    const [ready] = await Promise.all(Array.from({ length: Math.min(processes, requests.length) }, share))
    return { answers, ready }
  } finally {
    progress.clear()
    stop.abort()
  }
}
