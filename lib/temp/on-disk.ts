import { waitedForProcessor } from './waited-for-processor.js'

/** A step that takes longer is a stall: the disk is busy, and the next one may take as long. */
const STALL_MS = 20
/** Mean milliseconds of a step from which a disk counts as slow: on a quick one it takes less than a tenth of one. */
const SLOW_MS = 2
/** Weight of the newest step in that mean. */
const NEWEST_WEIGHT = 0.02
/** How long a slow disk is left to other threads, until it is tried again; twice as long each time it is slow again soon. */
const AVOIDED_MS = 10_000
const LONGEST_AVOIDED_MS = 320_000

/** What tells how long a step took, in milliseconds. */
export interface Clock {
  now(): number
  /** How long this thread has waited for a processor so far, which is not the disk's fault. */
  waited(): number
}

/** Where small steps with temporary files are done: on this thread while the disk is quick, otherwise on others. */
export class DiskWatch {
  readonly #clock: Clock
  #meanMs = 0
  #avoidedMs = 0
  #avoidedUntil = Number.NEGATIVE_INFINITY

  constructor(clock: Clock = { now: () => performance.now(), waited: waitedForProcessor }) {
    this.#clock = clock
  }

  /**
   * Does one step.
   * @param atOnce keeps this thread until it is done; a few calls of the system
   * @param elsewhere the same on another thread
   */
  async do<T>(atOnce: () => T, elsewhere: () => Promise<T>): Promise<T> {
    const begun = this.#clock.now()
    if (begun < this.#avoidedUntil) return elsewhere()
    const waited = this.#clock.waited()
    try {
      return atOnce()
    } finally {
      const took = this.#clock.now() - begun
      this.#note(took > SLOW_MS ? took - (this.#clock.waited() - waited) : took)
    }
  }

  #note(milliseconds: number): void {
    this.#meanMs += NEWEST_WEIGHT * (milliseconds - this.#meanMs)
    if (milliseconds <= STALL_MS && this.#meanMs <= SLOW_MS) return
    const now = this.#clock.now()
    const soonAgain = now - this.#avoidedUntil < this.#avoidedMs
    this.#avoidedMs = soonAgain ? Math.min(2 * this.#avoidedMs, LONGEST_AVOIDED_MS) : AVOIDED_MS
    this.#avoidedUntil = now + this.#avoidedMs
    this.#meanMs = 0
  }
}

const watch = new DiskWatch()

/**
 * Does something small with temporary files: at once while that takes no time, as in memory and on most disks, where
 * handing it to another thread and waiting for it costs several times as much as the thing itself; on another thread
 * while the disk is slow, so that nobody else has to wait for it.
 * @param atOnce keeps this thread until it is done; a few calls of the system
 * @param elsewhere the same on another thread
 */
export function onDisk<T>(atOnce: () => T, elsewhere: () => Promise<T>): Promise<T> {
  return watch.do(atOnce, elsewhere)
}
