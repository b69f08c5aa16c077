import { type Static, Type } from 'typebox'

const Milliseconds = (description: string) =>
  Type.Number({ minimum: 0, description: `${description}, in milliseconds` })

/** How long each phase of a comparison took. Where photos are worked on side by side, the one that took longest counts. */
export const TimingsSchema = Type.Object({
  queue: Milliseconds('Waiting for an inference process'),
  decode: Milliseconds('Reading the photos'),
  detect: Milliseconds('Finding the faces'),
  landmarks: Milliseconds('Finding the points of the faces'),
  describe: Milliseconds('Describing the faces'),
})

/**
 * How many milliseconds each phase of a comparison took.
 * @useDeclaredType
 */
export type Timings = Static<typeof TimingsSchema>
export type Phase = keyof Timings

/** Measures phases that follow one another: each lap is the time since the one before. */
export class Stopwatch {
  readonly timings: Timings = { queue: 0, decode: 0, detect: 0, landmarks: 0, describe: 0 }
  #since = performance.now()

  /** Adds the time since the last lap to a phase. */
  lap(phase: Phase): void {
    const now = performance.now()
    this.timings[phase] += now - this.#since
    this.#since = now
  }
}

/** The timings of parts that ran side by side as those of the whole. */
export function longestOf(parts: readonly Timings[]): Timings {
  const longest = (phase: Phase) => Math.max(...parts.map((timings) => timings[phase]))
  return {
    queue: longest('queue'),
    decode: longest('decode'),
    detect: longest('detect'),
    landmarks: longest('landmarks'),
    describe: longest('describe'),
  }
}

/**
 * The value of a `Server-Timing` header: `decode;dur=3.1, detect;dur=5.2`.
 * Source: W3C Server Timing, section 3.
 */
export function serverTiming(timings: Readonly<Record<string, number>>): string {
  return Object.entries(timings)
    .map(([phase, milliseconds]) => `${phase};dur=${milliseconds.toFixed(1)}`)
    .join(', ')
}
