import type { FaceMeasures } from './face-measures.js'

/** What lowers the quality of a face; each is stable and documented in docs/API.md. */
export const FLAWS = ['too_small', 'blurred', 'noisy', 'too_bright', 'cropped', 'turned_away', 'unclear'] as const
export type Flaw = (typeof FLAWS)[number]

/**
 * From where on each is a flaw. Of photos and degraded copies with it, more than twice as many are not recognised as of all
 * (docs/ACCURACY.md). Darkness and low contrast are none: as long as a face is found, it is
 * recognised as well as others.
 */
const IS_FLAWED: Readonly<Record<Flaw, (face: FaceMeasures) => boolean>> = {
  too_small: ({ eye_distance }) => eye_distance < 12,
  blurred: ({ sharpness }) => sharpness < 0.07,
  noisy: ({ sharpness }) => sharpness > 0.5,
  too_bright: ({ overexposed }) => overexposed > 0.2,
  cropped: ({ visible }) => visible < 0.9,
  turned_away: ({ yaw, pitch }) => Math.abs(yaw) > 55 || pitch > 25 || pitch < -35,
  unclear: ({ shift }) => shift > 0.1,
}

/** What the person in front of the camera can do about each. */
const ADVICE: Readonly<Record<Flaw, string>> = {
  too_small: 'come closer',
  blurred: 'hold still and let the camera focus',
  noisy: 'use more light',
  too_bright: 'turn away from the light',
  cropped: 'move the whole face into the picture',
  turned_away: 'face the camera',
  unclear: 'uncover the face and use even light',
}

/** What speaks against a face: nothing, or one thing and more. */
export function flawsOf(face: FaceMeasures): Flaw[] {
  return FLAWS.filter((flaw) => IS_FLAWED[flaw](face))
}

/** One sentence of what to do. */
export function adviceFor(flaws: readonly Flaw[]): string {
  const advice =
    flaws.length > 0 ? flaws.map((flaw) => ADVICE[flaw]) : ['face the camera, in even light, and hold still']
  return `${advice[0].charAt(0).toUpperCase()}${advice.join(', ').slice(1)}.`
}

/** What tells how likely a rejection is, each 0 for a good face, symmetry last if it is known; in the order of the weights. */
export function predictors(face: FaceMeasures, score: number): number[] {
  const atLeastOne = (ratio: number) => Math.log(Math.max(1, ratio))
  return [
    atLeastOne(26 / Math.max(0.5, face.eye_distance)),
    atLeastOne(face.shift / 0.05),
    1 - score,
    1 - face.visible,
    face.overexposed,
    Math.max(0, Math.abs(face.pitch) - 15) / 10,
    atLeastOne(face.sharpness / 0.25),
    atLeastOne(0.09 / Math.max(0.01, face.sharpness)),
    ...(face.symmetry === undefined ? [] : [Math.log(Math.max(1e-4, 1 - face.symmetry) / 0.01)]),
  ]
}

/** By logistic regression on the photos of LFW and on degraded copies of them; `npm run evaluate -- quality` tells them anew. */
const MODEL = { intercept: -3.23, weights: [0.76, 2.02, 3.39, 0.9, 2.14, 0.17, 1.05, 1.09, 2.31] }
/**
 * With the preset `fastest` nothing is known of the symmetry: the same weights without its own, and an intercept by which as
 * many are rejected as of a fifth of these faces. Weights fitted to that fifth alone ranked people they had not seen worse.
 */
const MODEL_WITHOUT_SYMMETRY = { intercept: -2.61, weights: MODEL.weights.slice(0, -1) }

/**
 * The share of comparisons with another photo of the same person, a good one, in which this face is recognised at a false
 * match rate of 1e-3: an estimate, 0 to 1.
 * @param score of the detector
 */
export function qualityOf(face: FaceMeasures, score: number): number {
  const { intercept, weights } = face.symmetry === undefined ? MODEL_WITHOUT_SYMMETRY : MODEL
  const sum = predictors(face, score).reduce((total, value, i) => total + weights[i] * value, intercept)
  return 1 / (1 + Math.exp(sum))
}
