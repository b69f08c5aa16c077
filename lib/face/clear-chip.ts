import { kernels } from '../kernels/pixel-kernels.js'
import { CHIP_SIZE } from '../networks/descriptor.js'
import { dimLight, light } from './even-light.js'
import { placeLumaOf } from './luma.js'

/**
 * Sharpness of a chip from which on it is smoothed, and from which on as much as it ever is. Of 488 photos of LFW, the 227
 * sharpest of all among them, 2 lie above the first.
 */
const NOISY = { from: 0.25, to: 0.5 }
/** Sigma of the Gaussian it is smoothed with at most, in pixels of the chip. */
const LARGEST_SIGMA = 2
/** A Gaussian with a smaller one leaves a picture as good as it was: 0.99 and more of each pixel stays. */
const LEAST_SIGMA = 0.3

const LENGTH = CHIP_SIZE * CHIP_SIZE * 3
const ROW = CHIP_SIZE * 3

/**
 * Makes chips more like those the descriptor network was trained on, where they are overexposed or noisy; leaves all others
 * as they are (docs/ACCURACY.md).
 * @param chips a chip, and perhaps its mirror image, each 150 x 150 x 3 floats; RGB, 0 to 255
 * @param placed where the luma of the first lies in the kernels' memory
 */
export function clearChips(chips: Float32Array, placed: number): void {
  const lighting = dimLight({ width: CHIP_SIZE, height: CHIP_SIZE, data: chips }, placed)
  if (lighting) light(chips, lighting, chips)
  const sigma = smoothingOf(lighting ? placeLumaOf(chips, CHIP_SIZE ** 2) : placed)
  if (sigma < LEAST_SIGMA) return
  for (let from = 0; from < chips.length; from += LENGTH) smooth(chips.subarray(from, from + LENGTH), sigma)
}

/** Rises steadily with the noise, so that a little more of it changes a descriptor a little. */
function smoothingOf(luma: number): number {
  const share = (kernels.sharpness(luma, CHIP_SIZE, CHIP_SIZE) - NOISY.from) / (NOISY.to - NOISY.from)
  return LARGEST_SIGMA * Math.max(0, Math.min(1, share))
}

/** Puts a chip through a Gaussian filter; beyond its border the pixels of the border go on. */
function smooth(chip: Float32Array, sigma: number): void {
  const reach = Math.ceil(3 * sigma)
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-(((i - reach) / sigma) ** 2) / 2))
  const total = bell.reduce((sum, weight) => sum + weight)
  const weights = Float32Array.from(bell, (weight) => weight / total)
  chip.set(smoothAcross(smoothDown(chip, weights, reach), weights, reach))
}

function smoothDown(chip: Float32Array, weights: Float32Array, reach: number): Float32Array {
  const smoothed = new Float32Array(chip.length)
  for (let y = 0; y < CHIP_SIZE; y++) {
    for (let i = -reach; i <= reach; i++) {
      const from = Math.max(0, Math.min(CHIP_SIZE - 1, y + i)) * ROW
      const weight = weights[i + reach]
      for (let k = 0; k < ROW; k++) smoothed[y * ROW + k] += weight * chip[from + k]
    }
  }
  return smoothed
}

function smoothAcross(chip: Float32Array, weights: Float32Array, reach: number): Float32Array {
  const smoothed = new Float32Array(chip.length)
  const row = new Float32Array(ROW + 6 * reach)
  for (let y = 0; y < CHIP_SIZE; y++) {
    for (let k = 0; k < 3 * reach; k++) {
      row[k] = chip[y * ROW + (k % 3)]
      row[3 * reach + ROW + k] = chip[(y + 1) * ROW - 3 + (k % 3)]
    }
    row.set(chip.subarray(y * ROW, (y + 1) * ROW), 3 * reach)
    for (let k = 0; k < ROW; k++) {
      let sum = 0
      for (let i = 0; i < weights.length; i++) sum += weights[i] * row[k + 3 * i]
      smoothed[y * ROW + k] = sum
    }
  }
  return smoothed
}
