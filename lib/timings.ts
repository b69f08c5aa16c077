import { type Static, Type } from 'typebox'

const Milliseconds = (description: string) =>
  Type.Number({ minimum: 0, description: `${description}, in milliseconds` })

/**
 * How long each phase of a comparison took; one follows another, so that together they are the time it took. Where photos are
 * worked on side by side, those that took longest count.
 */
export const TimingsSchema = Type.Object({
  queue: Milliseconds('Waiting for an inference process'),
  decode: Milliseconds('Reading the photos'),
  detect: Milliseconds('Finding the faces'),
  landmarks: Milliseconds('Finding the points of the faces'),
  describe: Milliseconds('Describing the faces'),
  handover: Milliseconds('On the way to the inference process and back, and waiting for a CPU there'),
  verdict: Milliseconds('Comparing the faces'),
})

/**
 * How many milliseconds each phase of a comparison took.
 * @useDeclaredType
 */
export type Timings = Static<typeof TimingsSchema>
export type Phase = keyof Timings

/** Of the timings of parts that ran side by side, those of the part that took longest. */
export function slowestOf(parts: readonly Timings[]): Timings {
  return parts.reduce((slowest, part) => (total(part) > total(slowest) ? part : slowest))
}

/** All phases together, in milliseconds. */
export function total(timings: Timings): number {
  return Object.values(timings).reduce((sum, phase) => sum + phase, 0)
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
