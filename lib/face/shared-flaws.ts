import type { FaceMeasures } from './face-measures.js'
import type { Flaw } from './quality.js'

/**
 * How much a face has of what makes strangers alike where both have it, 0 for nothing: the network sees what they share. From
 * where on was read off the distances of strangers (docs/ACCURACY.md).
 */
const DEGREES = {
  noisy: ({ sharpness }: FaceMeasures) => Math.log(Math.max(1, sharpness / 0.25)),
  blurred: ({ sharpness }: FaceMeasures) => Math.log(Math.max(1, 0.07 / Math.max(0.005, sharpness))),
  too_bright: ({ overexposed }: FaceMeasures) => Math.max(0, overexposed - 0.2),
  unclear: ({ shift }: FaceMeasures) => Math.log(Math.max(1, shift / 0.08)),
} as const satisfies Partial<Record<Flaw, (face: FaceMeasures) => number>>

export type SharedFlaw = keyof typeof DEGREES
export const SHARED_FLAWS = ['unclear', 'noisy', 'blurred', 'too_bright'] as const satisfies readonly SharedFlaw[]

/** The logarithm of how much nearer strangers are for each degree. */
export type Gains = Readonly<Record<SharedFlaw, number>>

/** Fitted so that the false match rate of 1e-3 holds for pairs that share a flaw; `npm run evaluate -- poor-pairs` tells them anew. */
export const GAINS: Gains = { unclear: 0.6, noisy: 0.09, blurred: 0.16, too_bright: 0.36 }

/** How much of a flaw both faces have: as much as the better one. */
export function sharedDegree(flaw: SharedFlaw, p: FaceMeasures, q: FaceMeasures): number {
  return Math.min(DEGREES[flaw](p), DEGREES[flaw](q))
}

/**
 * How many times as far apart two faces are to be counted, since strangers who share a flaw come that much nearer to each
 * other: 1 and more. Where one of the faces is good it is 1, and it rises steadily with the flaws of the better one.
 */
export function stretchOf(p: FaceMeasures, q: FaceMeasures, gains: Gains = GAINS): number {
  return Math.exp(SHARED_FLAWS.reduce((sum, flaw) => sum + gains[flaw] * sharedDegree(flaw, p, q), 0))
}
