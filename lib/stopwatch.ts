import type { Phase, Timings } from './timings.js'

const NO_TIME: Timings = { queue: 0, decode: 0, detect: 0, landmarks: 0, describe: 0, handover: 0, verdict: 0 }

/** Measures phases that follow one another: each lap is the time since the one before. */
export class Stopwatch {
  readonly timings: Timings = { ...NO_TIME }
  #since = performance.now()

  /** Adds the time since the last lap to a phase. */
  lap(phase: Phase): void {
    const now = performance.now()
    this.timings[phase] += now - this.#since
    this.#since = now
  }
}
