import { Progress } from './progress.js'
import { type WorkerContract, WorkerProcess } from './worker-process.js'

/**
 * Has processes of their own answer requests about photos, each the next one when it is done with its last; tells the progress.
 * @param script calls `answerRequests`, and is given `args`
 * @returns an answer for each request, in their order, and what the first process told of itself
 * @throws Error naming the photo, when a process does not become ready, fails or ends by itself
 */
export async function askWorkers<Contract extends WorkerContract & { readonly request: { readonly path: string } }>(
  script: URL,
  args: readonly string[],
  requests: readonly Contract['request'][],
  processes: number,
  outer: AbortSignal,
): Promise<{ answers: Contract['answer'][]; ready: Contract['ready'] }> {
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const progress = new Progress(requests.length, 'photo')
  const answers = new Array<Contract['answer']>(requests.length)
  let next = 0
  const share = async () => {
    const { worker, ready } = await WorkerProcess.start<Contract>(script, args, signal)
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
