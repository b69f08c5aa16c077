import type { Description } from '../face-describer.js'
import type { Job } from './run-job.js'

/** A job and whoever waits for it. */
export interface WaitingJob extends Job {
  readonly signal?: AbortSignal
  /** Whether it has been there for as long as a job may wait. */
  isLate: boolean
  resolve(description: Description): void
  reject(error: unknown): void
}

/** Jobs that wait for a process, in the order of arrival; none waits longer than it may, or when nobody waits for it. */
export class JobQueue {
  /**
   * A list, although whoever leaves has to be searched in it: V8 gives a Set a new table after every few that came and went, and
   * each old table leads to the next, so that jobs in them last, with all of their requests, until old objects are collected.
   */
  readonly #jobs: WaitingJob[] = []

  /**
   * @param longestMs how long a job may wait
   * @param tooLate what it is rejected with then
   */
  constructor(
    private readonly longestMs: number,
    private readonly tooLate: () => Error,
  ) {}

  get size(): number {
    return this.#jobs.length
  }

  /**
   * Puts a job at the end.
   * @returns what becomes of it, once it has been taken
   * @throws what `tooLate` gives when nobody has taken it in time; the signal's reason when that aborts, taken or not
   */
  async add({ signal, ...job }: Omit<Job, 'since'> & { readonly signal?: AbortSignal }): Promise<Description> {
    let leave = () => {}
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<Description>((resolve, reject) => {
        const waiting: WaitingJob = { ...job, signal, since: performance.now(), isLate: false, resolve, reject }
        leave = () => {
          this.#remove(waiting)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', leave, { once: true })
        timer = setTimeout(() => {
          waiting.isLate = true
          if (this.#remove(waiting)) reject(this.tooLate())
        }, this.longestMs)
        this.#jobs.push(waiting)
      })
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
  }

  /** Takes the first out. */
  take(): WaitingJob | undefined {
    return this.#jobs.shift()
  }

  /** Makes a job that was taken the first again, unless its time is over or nobody waits for it any more. */
  putBack(job: WaitingJob): void {
    if (job.signal?.aborted) return
    if (job.isLate) {
      job.reject(this.tooLate())
      return
    }
    this.#jobs.unshift(job)
  }

  /** Takes all out and rejects them. */
  rejectAll(error: Error): void {
    for (const job of this.#jobs.splice(0)) job.reject(error)
  }

  /** @returns whether it was there */
  #remove(job: WaitingJob): boolean {
    const place = this.#jobs.indexOf(job)
    if (place >= 0) this.#jobs.splice(place, 1)
    return place >= 0
  }
}
