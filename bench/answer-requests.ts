import type { WorkerContract, WorkerMessage } from './worker-process.js'

/** The worker's end of a `WorkerProcess`. */
export interface WorkerWork<Contract extends WorkerContract> {
  readonly ready: Contract['ready']
  answer(request: Contract['request']): Promise<Contract['answer']>
}

/** Loads, says so, and answers requests until the parent has gone. What is thrown ends the work with its message. */
export async function answerRequests<Contract extends WorkerContract>(
  load: () => Promise<WorkerWork<Contract>>,
): Promise<void> {
  // Ctrl-C reaches the whole group; the parent decides when this process ends.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit())
  try {
    const work = await load()
    process.on('message', (request: Contract['request']) => {
      work.answer(request).then((value) => send({ type: 'answer', value }), fail)
    })
    send({ type: 'ready', value: work.ready })
  } catch (error) {
    fail(error)
  }
}

function send(message: WorkerMessage): void {
  process.send?.(message)
}

function fail(error: unknown): void {
  send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
}
