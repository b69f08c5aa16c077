import { bytesAt, kernels } from '../kernels/pixel-kernels.js'
import { alignedSquare } from './chip.js'
import type { FacePatch } from './face-patch.js'
import { composeSimilarities, type Point } from './geometry.js'
import { placeLuma } from './resample.js'

/** Side of a print in pixels. */
export const PRINT_SIDE = 64
/** Space around the face in a print, in sides of the face: the background tells one photo from the next. */
const PADDING = 0.75
/** Side of the face in a print, in pixels. */
export const PRINT_FACE = PRINT_SIDE / (1 + 2 * PADDING)
/** Each pixel of a print is the mean of 2 x 2 samples (`printOf`). */
const SAMPLES = 2
/** How far from the borders of the photo, in its pixels, the middle of a pixel of the print lies for all its samples to be inside. */
const MARGIN = 2

/**
 * What is kept of a photo to recognise it: the face and its surroundings, upright, in shades of grey. A byte a pixel, row by
 * row: 0 beyond the borders of the photo, the luma otherwise, 1 at least.
 */
export type PhotoPrint = Uint8Array

/** The print of a photo around a face. */
export function takePrint(patch: FacePatch, points: readonly Point[]): PhotoPrint {
  const side = PRINT_SIDE * SAMPLES
  const toPatch = composeSimilarities(patch.fromPhoto, alignedSquare(points, PADDING, side))
  const luma = placeLuma(patch.image, toPatch, side)
  const { a, b, tx, ty } = toPatch
  const { width, height } = patch.image
  kernels.printOf(luma, PRINT_SIDE, a, b, tx, ty, MARGIN, width - MARGIN, height - MARGIN, luma)
  return bytesAt(luma, PRINT_SIDE ** 2).slice()
}

/** A print to calculate with. */
export interface Shades {
  readonly luma: Float32Array
  /** 1 where the photo shows something, 0 elsewhere. */
  readonly seen: Uint8Array
}

export function shadesOf(print: PhotoPrint): Shades {
  return { luma: Float32Array.from(print), seen: print.map((value) => (value > 0 ? 1 : 0)) }
}

/** The print as a mirror shows it. */
export function mirrorPrint(print: PhotoPrint): PhotoPrint {
  return print.map((_, i) => print[i - (i % PRINT_SIDE) + PRINT_SIDE - 1 - (i % PRINT_SIDE)])
}

/**
 * The details, without light and shade and without noise: mean of 3 x 3 pixels less mean of 7 x 7, over what the photo
 * shows.
 */
export function detailsOf({ luma, seen }: Shades): Shades {
  const [near, far] = [localMeans(luma, seen, 1), localMeans(luma, seen, 3)]
  return { luma: near.map((mean, i) => mean - far[i]), seen }
}

/** The means over squares of 2 x radius + 1 pixels, by sums over all that lies above and to the left. */
function localMeans(values: Float32Array, seen: Uint8Array, radius: number): Float32Array {
  const stride = PRINT_SIDE + 1
  const sums = new Float64Array(stride * stride)
  const counts = new Float64Array(stride * stride)
  for (let y = 0; y < PRINT_SIDE; y++) {
    for (let x = 0; x < PRINT_SIDE; x++) {
      const [from, to] = [y * PRINT_SIDE + x, (y + 1) * stride + x + 1]
      sums[to] = (seen[from] ? values[from] : 0) + sums[to - 1] + sums[to - stride] - sums[to - stride - 1]
      counts[to] = seen[from] + counts[to - 1] + counts[to - stride] - counts[to - stride - 1]
    }
  }
  const means = new Float32Array(values.length)
  for (let y = 0; y < PRINT_SIDE; y++) {
    const [top, bottom] = [Math.max(0, y - radius) * stride, Math.min(PRINT_SIDE, y + radius + 1) * stride]
    for (let x = 0; x < PRINT_SIDE; x++) {
      const [left, right] = [Math.max(0, x - radius), Math.min(PRINT_SIDE, x + radius + 1)]
      const over = (table: Float64Array) =>
        table[bottom + right] - table[bottom + left] - table[top + right] + table[top + left]
      means[y * PRINT_SIDE + x] = over(sums) / Math.max(1, over(counts))
    }
  }
  return means
}
