import { floatsAt, kernels, placeOf, placesFor } from '../kernels/pixel-kernels.js'

/** The luma of the RGB pixel at `from`. */
export function lumaAt(rgb: ArrayLike<number>, from: number): number {
  return 0.299 * rgb[from] + 0.587 * rgb[from + 1] + 0.114 * rgb[from + 2]
}

/** Where the luma of `count` RGB pixels in floats lies in the kernels' memory, until the next places are asked for. */
export function placeLumaOf(rgb: Float32Array, count: number): number {
  const there = placeOf(rgb)
  const [luma, copy] = placesFor(4 * count, there === undefined ? 12 * count : 0)
  if (there === undefined) floatsAt(copy, 3 * count).set(rgb.subarray(0, 3 * count))
  kernels.lumaOf(there ?? copy, count, luma)
  return luma
}
