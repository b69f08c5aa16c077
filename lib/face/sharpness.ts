import { floatsAt, kernels, placesFor } from '../kernels/pixel-kernels.js'

/** The luma of the RGB pixel at `from`. */
export function lumaAt(rgb: ArrayLike<number>, from: number): number {
  return 0.299 * rgb[from] + 0.587 * rgb[from + 1] + 0.114 * rgb[from + 2]
}

/**
 * How sharp a picture is, whatever its contrast: the mean size of the Laplacian in standard deviations of the luma.
 * Some 0.01 for a smooth blur, 0.1 to 0.3 for a face in focus; noise counts as sharp. 0 where all is of one shade.
 * @param luma width x height values
 */
export function sharpness(luma: Float32Array, width: number, height: number): number {
  const [place] = placesFor(luma.byteLength)
  floatsAt(place, luma.length).set(luma)
  return kernels.sharpness(place, width, height)
}

/** Where the luma of `count` RGB pixels in floats lies in the kernels' memory, until the next places are asked for. */
export function placeLumaOf(rgb: Float32Array, count: number): number {
  const [place] = placesFor(3 * 4 * count)
  floatsAt(place, 3 * count).set(rgb.subarray(0, 3 * count))
  kernels.lumaOf(place, count, place)
  return place
}
