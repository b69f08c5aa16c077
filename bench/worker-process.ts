import { type ChildProcess, fork } from 'node:child_process'
import { CHILD_ARGUMENTS, childEnvironment } from '../lib/pool/child-environment.js'

/** What a worker sends: once that it is ready, then an answer to each request; or why it cannot go on. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly value: unknown }
  | { readonly type: 'answer'; readonly value: unknown }
  | { readonly type: 'failed'; readonly reason: string }

/** What a worker's script promises to its parent. */
export interface WorkerContract {
  /** What it tells of itself when it is ready. */
  readonly ready: unknown
  readonly request: unknown
  readonly answer: unknown
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** A process with one thread that answers one request after another: the parent's end. */
export class WorkerProcess<Contract extends WorkerContract> {
  readonly #child: ChildProcess
  #waiting: Waiting | undefined
  #ended: Error | undefined

  private constructor(script: URL, args: readonly string[]) {
    this.#child = fork(script, args, {
      env: childEnvironment(process.env),
      execArgv: [...CHILD_ARGUMENTS],
      serialization: 'advanced',
    })
    this.#child.on('message', (message: WorkerMessage) => {
      if (message.type === 'failed') this.#end(new Error(message.reason))
      else this.#waiting?.resolve(message.value)
    })
    this.#child.on('error', (error) => this.#end(error))
    this.#child.on('exit', (code, signal) => {
      this.#end(new Error(`the process ended by itself (${signal ?? `exit code ${code}`})`))
    })
  }

  /**
   * Starts a script that calls `answerRequests`.
   * @param signal ends the process; what is then waited for rejects with the signal's reason
   * @throws Error when it does not become ready
   */
  static async start<Contract extends WorkerContract>(
    script: URL,
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<{ worker: WorkerProcess<Contract>; ready: Contract['ready'] }> {
    signal.throwIfAborted()
    const worker = new WorkerProcess<Contract>(script, args)
    signal.addEventListener('abort', () => worker.#end(signal.reason), { once: true })
    return { worker, ready: await worker.#next() }
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /**
   * Asks for one thing; the request before must have been answered.
   * @throws Error when the worker fails or ends
   */
  ask(request: Contract['request']): Promise<Contract['answer']> {
    const answer = this.#next()
    if (this.#ended === undefined) this.#child.send(request as object)
    return answer
  }

  stop(): void {
    this.#end(new Error('the process was stopped'))
  }

  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended === undefined) this.#waiting = { resolve, reject }
      else reject(this.#ended)
    })
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    this.#waiting?.reject(this.#ended)
    this.#child.kill('SIGKILL')
  }
}
