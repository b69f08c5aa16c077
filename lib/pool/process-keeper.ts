import { setTimeout as sleep } from 'node:timers/promises'
import { UnavailableError } from '../errors.js'
import type { Description } from '../face-describer.js'
import { type Ending, InferenceProcess, type InferenceProcessOptions } from './inference-process.js'
import type { DescribeMessage, EngineInfo } from './messages.js'
import type { Scheduling } from './scheduling.js'

/** Pause after the first failed start; it doubles with each further one. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
/** A process that ends sooner after it was ready, with nothing to do, counts as a failed start. */
const SETTLED_AFTER_MS = 5_000

/** What a place in the pool is doing; `paused` is the time between a failed start and the next. */
export const KEEPER_STATES = ['starting', 'idle', 'busy', 'paused', 'stopped'] as const
export type KeeperState = (typeof KEEPER_STATES)[number]

/** `scheduling` is left out where it is not known yet. */
export type ProcessEvent =
  | { type: 'ready'; pid?: number; milliseconds: number; engine: EngineInfo; scheduling?: Scheduling }
  | { type: 'ended'; pid?: number; reason: string; restartIn: number }

/** How the first start went: the process is ready, or has ended. */
export type FirstStart = { ready: true } | ({ ready: false } & Ending)

/** How long to wait before the next start when so many in a row have failed: doubling, at most half a minute. */
export function pauseAfter(failedStarts: number): number {
  return failedStarts === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failedStarts - 1))
}

/** One place in the pool: keeps an inference process running, a new one for each that ends. */
export class ProcessKeeper {
  state: KeeperState = 'starting'
  restarts = 0
  /** Starts in a row that failed. */
  failedStarts = 0
  /** Why the last process ended; undefined once its successor is ready. */
  reason?: string
  readonly firstStart: Promise<FirstStart>
  #process?: InferenceProcess
  #nearlyDone = false
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>

  /**
   * @param onEvent called whenever a process is ready or has ended, after the state was changed
   * @param onNearlyDone called whenever `isNearlyDone` has become true
   */
  constructor(
    private readonly options: InferenceProcessOptions,
    private readonly onEvent: (event: ProcessEvent) => void,
    private readonly onNearlyDone: () => void,
  ) {
    let onFirstStart: (start: FirstStart) => void = () => {}
    this.firstStart = new Promise((resolve) => {
      onFirstStart = resolve
    })
    this.#running = this.#keepRunning(onFirstStart)
  }

  /** Whether it has a process that works, now or when it has answered. */
  get isReady(): boolean {
    return (this.state === 'idle' || this.state === 'busy') && this.#process?.alive === true
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /**
   * Whether its process is so near the end of what it is doing, and nothing is given to it yet for afterwards, that whatever
   * is given now waits less than the process would have to wait for it.
   */
  get isNearlyDone(): boolean {
    return this.#nearlyDone && this.state === 'busy' && this.#process?.alive === true
  }

  /**
   * Has photos described; only while `state` is `idle` or `isNearlyDone`. The process is busy until it has answered, whoever
   * still waits.
   * @param deadline milliseconds after which the process is ended, and another one started
   * @param onBegin called when the process turns to them
   * @throws FaceError when a photo cannot be used
   * @throws UnavailableError when the process ends before it has answered, or did not answer in time
   * @throws NotBegunError when the process ends before it has turned to them
   */
  async describe(message: DescribeMessage, deadline: number, onBegin: () => void): Promise<Description> {
    const process = this.#process
    if (process === undefined || !(this.state === 'idle' || this.isNearlyDone)) {
      throw new Error(`the process is ${this.state}, not idle`)
    }
    this.state = 'busy'
    this.#nearlyDone = false
    let timer: NodeJS.Timeout | undefined
    const begin = () => {
      onBegin()
      timer = setTimeout(() => {
        const error = new UnavailableError('timeout', `The comparison took longer than ${deadline / 1000} seconds.`, 1)
        process.end(`a comparison took longer than ${deadline / 1000} s`, error)
      }, deadline)
    }
    try {
      return await process.describe(message, begin)
    } finally {
      clearTimeout(timer)
      if (process.alive && !process.busy) this.state = 'idle'
    }
  }

  /** Ends the process and starts no other. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#process?.end('the pool was closed')
    await this.#running
  }

  async #keepRunning(onFirstStart: (start: FirstStart) => void): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const ending = await this.#runOne(onFirstStart)
      onFirstStart({ ready: false, ...ending }) // Only the first call counts.
      if (signal.aborted) break
      const pause = pauseAfter(this.failedStarts)
      this.state = pause > 0 ? 'paused' : 'starting'
      this.onEvent({ type: 'ended', pid: this.pid, reason: ending.reason, restartIn: pause })
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
      this.restarts++
    }
    this.state = 'stopped'
  }

  async #runOne(onFirstStart: (start: FirstStart) => void) {
    const started = performance.now()
    this.state = 'starting'
    this.#process = new InferenceProcess(this.options, () => {
      this.#nearlyDone = true
      this.onNearlyDone()
    })
    const engine = await this.#process.ready.catch(() => undefined)
    // If that is known already: nobody waits for a slow program.
    const scheduling = await Promise.race([this.#process.scheduling, undefined])
    const readyAt = performance.now()
    if (engine !== undefined && this.#process.alive && !this.#stopping.signal.aborted) {
      this.state = 'idle'
      this.reason = undefined
      onFirstStart({ ready: true })
      const milliseconds = Math.round(readyAt - started)
      this.onEvent({ type: 'ready', pid: this.pid, milliseconds, engine, scheduling })
    }
    const ending = await this.#process.ended
    const failed = engine === undefined || (this.state === 'idle' && performance.now() - readyAt < SETTLED_AFTER_MS)
    this.failedStarts = failed ? this.failedStarts + 1 : 0
    this.reason = ending.reason
    return ending
  }
}
