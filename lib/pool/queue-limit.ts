import { Overload } from './overload.js'

/** How often what is refused would have filled the queue when it is an overload. */
const FULL_TIMES = 10
/** How many times in a row work has to wait for whoever is free, before one less may wait. */
const STEPS_TO_SHORTEN = 32

/**
 * How many comparisons may wait. A long queue evens out what comes unevenly; during overload it is always full, and only makes those
 * wait who are accepted. So then it is as short as it can be without processes that run out of work: where uploads are slow that
 * is longer, as they keep places. (CoDel, RFC 8289, also tells a queue that is of use by whether it ever gets empty.)
 */
export class QueueLimit {
  readonly #shortest: number
  readonly #overload: Overload
  /** How many may wait during overload. */
  #short: number
  #steps = 0

  /**
   * @param longest how many may wait while there is no overload
   * @param shortest how many may wait in any case, as far as that allows
   */
  constructor(
    readonly longest: number,
    shortest: number,
  ) {
    this.#shortest = Math.min(shortest, longest)
    this.#short = this.#shortest
    this.#overload = new Overload(FULL_TIMES * longest)
  }

  /** @param now in milliseconds */
  current(now = performance.now()): number {
    return this.#overload.isOn(now) ? this.#short : this.longest
  }

  /** To be told of whatever finds no place, and how many milliseconds it would have taken all processes together. */
  refused(workMs: number, now = performance.now()): void {
    const wasOn = this.#overload.isOn(now)
    this.#overload.refused(workMs, now)
    if (!wasOn) this.#short = this.#shortest
  }

  /** To be told whenever a process has done its work, and whether more waited for it. */
  freed(hasMore: boolean): void {
    this.#steps = hasMore ? this.#steps + 1 : 0
    if (!hasMore) this.#short = Math.min(this.#short + 1, this.longest)
    else if (this.#steps % STEPS_TO_SHORTEN === 0) this.#short = Math.max(this.#short - 1, this.#shortest)
  }
}
