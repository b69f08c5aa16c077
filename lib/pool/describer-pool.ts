import { UnavailableError } from '../errors.js'
import type { DescribeOptions, Description, FaceDescriber, PhotoFile } from '../face-describer.js'
import type { Readiness } from '../face-engine.js'
import type { DescriberOptions } from '../load-describer.js'
import { type InferenceProcessOptions, NotBegunError } from './inference-process.js'
import { JobQueue, type WaitingJob } from './job-queue.js'
import type { EngineInfo } from './messages.js'
import { DEFAULT_TIMEOUT, DEFAULT_WORKER_MEMORY, LEAST_QUEUE_PER_WORKER, QUEUE_PER_WORKER } from './pool-defaults.js'
import { type KeeperState, type ProcessEvent, ProcessKeeper } from './process-keeper.js'
import { QueueLimit } from './queue-limit.js'
import { Reservations } from './reservations.js'
import { runJob } from './run-job.js'
import { usableCpus } from './usable-cpus.js'

/** A start also compiles the networks, on a cold disk and a busy machine. */
const START_TIMEOUT_MS = 60_000
/** What to tell clients while processes fail to start. */
const NOT_READY_RETRY_AFTER = 5
/** Weight of the newest comparison in the running mean of how long one takes a process. */
const NEWEST_WEIGHT = 0.1

export interface PoolOptions extends DescriberOptions {
  /** Inference processes, at least 1. Default: the CPUs this process may use. */
  workers?: number
  /**
   * Comparisons that may wait for a process; 0: none waits. Default: `QUEUE_PER_WORKER` for each process. During overload
   * `reserve` keeps places for fewer.
   */
  queue?: number
  /** Seconds a comparison may take, and may wait before. Default: `DEFAULT_TIMEOUT`. */
  timeout?: number
  /** Megabytes of resident memory one process may take. Default: `DEFAULT_WORKER_MEMORY`. */
  workerMemory?: number
  /** Told whenever a process is ready or has ended: readiness and `stats()` may have changed. */
  onEvent?: (event: ProcessEvent) => void
}

export interface PoolStats {
  /** Comparisons that wait. */
  queued: number
  /** As soon as so many wait no place is kept for another one: what was set, less during overload. */
  queueLimit: number
  /** Processes that are at work. */
  busy: number
  /** Processes started in place of others that ended. */
  restarts: number
  processes: { pid?: number; state: KeeperState; restarts: number; reason?: string }[]
}

/** Describes photos in processes of their own; those of one job in several, where so many have nothing else to do. */
export class DescriberPool implements FaceDescriber {
  readonly #keepers: readonly ProcessKeeper[]
  readonly #queue: JobQueue
  readonly #queueLimit: QueueLimit
  readonly #reservations = new Reservations()
  readonly #timeoutMs: number
  #engine?: EngineInfo
  #meanMs = 0
  /** Comparisons that were accepted and not answered yet. */
  #accepted = 0
  #closing = false
  #drained?: () => void

  /**
   * Starts the processes; `started` tells how that went.
   * @param startProcess starts one of them; default: one that describes photos
   */
  constructor(
    { workers, queue, timeout, workerMemory, onEvent, ...describer }: PoolOptions,
    startProcess?: InferenceProcessOptions['startProcess'],
  ) {
    const count = workers ?? usableCpus()
    this.#queueLimit = new QueueLimit(queue ?? QUEUE_PER_WORKER * count, LEAST_QUEUE_PER_WORKER * count)
    this.#timeoutMs = (timeout ?? DEFAULT_TIMEOUT) * 1000
    this.#queue = new JobQueue(this.#timeoutMs, () => this.#busy())
    const memoryLimit = (workerMemory ?? DEFAULT_WORKER_MEMORY) * 2 ** 20
    const onProcess = (event: ProcessEvent) => {
      if (event.type === 'ready') this.#engine = event.engine
      onEvent?.(event)
      this.#dispatch()
    }
    const processOptions = { startProcess, describer, memoryLimit, startTimeout: START_TIMEOUT_MS }
    const start = () => new ProcessKeeper(processOptions, onProcess, () => this.#dispatch())
    this.#keepers = Array.from({ length: count }, start)
  }

  get runtime() {
    return this.#engine?.runtime
  }

  get description(): string {
    return this.#engine?.description ?? 'not loaded yet'
  }

  get failed() {
    return this.#engine?.failed ?? []
  }

  /**
   * Fulfils when each process is ready, or has died at its first start (then it is tried again with growing pauses, and
   * `readiness` tells).
   * @throws Error when a process says itself why it cannot start: a runtime that does not load, a damaged weight file
   */
  async started(): Promise<void> {
    const starts = await Promise.all(this.#keepers.map((keeper) => keeper.firstStart))
    const failed = starts.find((start) => !start.ready && start.startError !== undefined)
    if (failed === undefined || failed.ready) return
    await this.close()
    throw new Error(failed.startError)
  }

  readiness(): Readiness {
    if (this.#closing) return { ready: false, reason: 'the service is shutting down' }
    if (this.#keepers.some(({ isReady }) => isReady)) return { ready: true }
    const reason = this.#keepers.find((keeper) => keeper.reason !== undefined)?.reason
    return { ready: false, reason: `no inference process is ready${reason ? `; the last one ${reason}` : ' yet'}` }
  }

  reserve(): () => void {
    this.#checkRoom(this.#queueLimit.current())
    return this.#reservations.add()
  }

  async describe(
    photos: readonly PhotoFile[],
    { faces, apart = false, signal }: DescribeOptions,
  ): Promise<Description> {
    signal?.throwIfAborted()
    // For whoever had a place kept, an overload that has begun since changes nothing.
    this.#checkRoom(this.#queueLimit.longest)
    this.#accepted++
    try {
      const described = this.#queue.add({ photos, faces, apart, signal })
      this.#dispatch()
      return await described
    } finally {
      this.#accepted--
      this.#announceDrained()
    }
  }

  stats(): PoolStats {
    const processes = this.#keepers.map(({ pid, state, restarts, reason }) => ({ pid, state, restarts, reason }))
    return {
      queued: this.#queue.size,
      queueLimit: this.#queueLimit.current(),
      busy: this.#busyCount(),
      restarts: processes.reduce((sum, { restarts }) => sum + restarts, 0),
      processes,
    }
  }

  /** Refuses new work, finishes what was accepted, then ends the processes. */
  async close(): Promise<void> {
    this.#closing = true
    if (!this.#isDrained()) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve
      })
    }
    await Promise.all(this.#keepers.map((keeper) => keeper.stop()))
  }

  /** @throws UnavailableError when there is no place left, or no hope of an answer */
  #checkRoom(limit: number): void {
    if (this.#closing) {
      throw new UnavailableError('shutting_down', 'The service is shutting down.', NOT_READY_RETRY_AFTER)
    }
    if (this.#isFailing()) throw this.#notReady()
    const room = limit + this.#idle().length
    if (this.#queue.size + this.#reservations.count < room) return
    this.#queueLimit.refused(this.#meanMs / this.#keepers.length)
    throw this.#busy()
  }

  /**
   * Shares idle processes among the waiting comparisons, and gives what still waits to those that are nearly done; called
   * whenever there may be more of either.
   */
  #dispatch(): void {
    if (this.#isFailing()) this.#queue.rejectAll(this.#notReady())
    while (this.#idle().length > 0) {
      const idle = this.#idle()
      const share = Math.max(1, Math.floor(idle.length / this.#queue.size))
      const job = this.#queue.take()
      if (job === undefined) break
      void this.#run(job, idle.slice(0, Math.min(share, job.photos.length)))
    }
    for (const keeper of this.#keepers.filter(({ isNearlyDone }) => isNearlyDone)) {
      const job = this.#queue.take()
      if (job !== undefined) void this.#run(job, [keeper])
    }
    this.#announceDrained()
  }

  /** Called when a process has done its part of a job. */
  #goOn(): void {
    this.#dispatch()
    this.#queueLimit.freed(this.#idle().length === 0)
  }

  async #run(job: WaitingJob, keepers: readonly ProcessKeeper[]): Promise<void> {
    try {
      const { description, took } = await runJob(job, keepers, this.#timeoutMs, () => this.#goOn())
      this.#noteDuration(took * keepers.length)
      job.resolve(description)
    } catch (error) {
      if (!(error instanceof NotBegunError)) return job.reject(error)
      this.#queue.putBack(job)
      this.#dispatch()
    }
  }

  #noteDuration(newest: number): void {
    this.#meanMs = this.#meanMs === 0 ? newest : this.#meanMs + NEWEST_WEIGHT * (newest - this.#meanMs)
  }

  #announceDrained(): void {
    if (this.#isDrained()) this.#drained?.()
  }

  #isDrained(): boolean {
    return this.#accepted === 0 && this.#busyCount() === 0
  }

  #idle(): ProcessKeeper[] {
    return this.#keepers.filter(({ state }) => state === 'idle')
  }

  #busyCount(): number {
    return this.#keepers.filter(({ state }) => state === 'busy').length
  }

  /** No process is ready, and none is on its way that has not failed before. */
  #isFailing(): boolean {
    return this.#keepers.every(
      ({ state, failedStarts }) => state === 'paused' || (state === 'starting' && failedStarts > 0),
    )
  }

  /** Told to come back when those before it should be done. */
  #busy(): UnavailableError {
    const seconds = ((this.#queue.size + this.#busyCount()) * this.#meanMs) / this.#keepers.length / 1000
    return new UnavailableError('busy', 'The service has too much to do just now.', Math.max(1, Math.ceil(seconds)))
  }

  #notReady(): UnavailableError {
    const readiness = this.readiness()
    const reason = readiness.ready ? undefined : readiness.reason
    return new UnavailableError('not_ready', 'The service is not ready.', NOT_READY_RETRY_AFTER, reason)
  }
}
