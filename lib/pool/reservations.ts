/** How long a place is kept: most uploads have arrived by then, and who sends slowly cannot keep others out. */
const KEPT_MS = 2000

/** Places kept for comparisons whose photos are still on their way. */
export class Reservations {
  readonly #kept = new Set<symbol>()

  get count(): number {
    return this.#kept.size
  }

  /** Keeps one more place. @returns gives it back; calling it again, or late, changes nothing */
  add(): () => void {
    const place = Symbol('place')
    this.#kept.add(place)
    const timer = setTimeout(() => this.#kept.delete(place), KEPT_MS)
    return () => {
      clearTimeout(timer)
      this.#kept.delete(place)
    }
  }
}
