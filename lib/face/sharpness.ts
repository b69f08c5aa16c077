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

/** As `sharpness`, of `width` x `height` RGB pixels in floats. */
export function sharpnessOfRgb(rgb: Float32Array, width: number, height: number): number {
  const [place] = placesFor(rgb.byteLength)
  floatsAt(place, rgb.length).set(rgb)
  kernels.lumaOf(place, width * height, place)
  return kernels.sharpness(place, width, height)
}
