import type { ActivationRange } from './activation-ranges.js'
import type { Activation } from './graph-writer.js'

/** Largest number of an 8-bit weight, and of a signed activation; -128 is left out, so that a weight and its negative are alike. */
const MOST_SIGNED = 127

/**
 * How the bytes of a node stand for floats: `most` is 255 of a quint8 or 127 of a qint8, and 0 is 0. oneDNN's operators
 * know no other zero, so what may be negative takes the signed type.
 */
export interface Bytes {
  readonly type: 'quint8' | 'qint8'
  readonly most: number
}

/** The bytes of an activation with that range. */
export function bytesOf([least, most]: ActivationRange, activation?: Activation): Bytes {
  if (activation === 'relu6') return { type: 'quint8', most: Math.min(most, 6) || 1 }
  if (activation === 'relu' || least >= 0) return { type: 'quint8', most: most || 1 }
  return { type: 'qint8', most: Math.max(-least, most) }
}

/** Weights in 8 bits, and what 127 of them stands for in each of the channels, which come last. */
export function quantiseWeights(data: Float32Array, channels: number): { weights: Int8Array; most: Float32Array } {
  const most = new Float32Array(channels)
  for (let i = 0; i < data.length; i += channels) {
    for (let c = 0; c < channels; c++) most[c] = Math.max(most[c], Math.abs(data[i + c]))
  }
  const perStep = most.map((value) => (value === 0 ? 0 : MOST_SIGNED / value))
  const weights = new Int8Array(data.length)
  for (let i = 0; i < data.length; i += channels) {
    // Math.round is many times slower, and there are millions of weights.
    for (let c = 0; c < channels; c++) weights[i + c] = Math.floor(data[i + c] * perStep[c] + 0.5)
  }
  return { weights, most: most.map((value) => value || 1) }
}
