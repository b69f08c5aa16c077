/** How long an overload lasts at most; where it goes on, the next one has to begin. */
const LONGEST_MS = 30_000

/**
 * Whether far more is asked than can be done, and has been for a while: a leaky bucket (ITU-T I.371), into which goes all that is
 * refused, and which leaks as fast as work can be done. What is refused of a burst does not fill it, nor is it filled by less than
 * twice of what can be done; and it has to be empty before an overload is over. That is also tried now and then: clients that ask
 * again as soon as they are refused would keep up an overload for ever in which they need not be refused otherwise.
 */
export class Overload {
  /** When all that was refused would have been done, too. */
  #doneBy = 0
  /** When it began; undefined while there is none. */
  #since?: number

  /**
   * @param many how many more are refused than could have been done when it is an overload; no more than twice as many are
   *   remembered, so that it is soon over
   */
  constructor(private readonly many: number) {}

  /**
   * To be told of all that is refused.
   * @param workMs how long it would have taken, with everybody at work on such things
   * @param now in milliseconds
   */
  refused(workMs: number, now = performance.now()): void {
    const manyMs = this.many * workMs
    this.#doneBy = Math.min(Math.max(now, this.#doneBy) + workMs, now + 2 * manyMs)
    if (this.#doneBy - now > manyMs) this.#since ??= now
  }

  /** @param now in milliseconds */
  isOn(now = performance.now()): boolean {
    if (this.#since === undefined) return false
    if (now - this.#since >= LONGEST_MS) this.#doneBy = now
    if (now >= this.#doneBy) this.#since = undefined
    return this.#since !== undefined
  }
}
