/** Longest wait for a turn: whoever has waited so long does no harm by being answered. */
const LONGEST_WAIT_MS = 1000
/** Turns that may be taken at once, as a part of those of a second: arrivals are never quite even. */
const BURST = 0.1

/**
 * Lets things happen so many times a second: nobody waits as long as no more are asked for, and the rest take turns. (Generic
 * cell rate algorithm, ITU-T I.371.)
 */
export class Pacer {
  readonly #intervalMs: number
  readonly #burstMs: number
  /** When all that was asked for so far would have happened, one after the other. */
  #doneBy = 0

  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond
    this.#burstMs = BURST * 1000
  }

  /**
   * Takes the next turn.
   * @param now in milliseconds
   * @returns milliseconds until then, 0 for at once
   */
  next(now = performance.now()): number {
    const doneBy = Math.max(now, this.#doneBy) + this.#intervalMs
    this.#doneBy = Math.min(doneBy, now + this.#burstMs + LONGEST_WAIT_MS)
    return Math.max(0, this.#doneBy - now - this.#burstMs)
  }
}
