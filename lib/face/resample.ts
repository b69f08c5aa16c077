import type { PixelRect } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { keptAt, keptLumaAt, lumaPlace } from '../kernels/kept-pictures.js'
import { bytesAt, floatsAt, kernels, MOST_AT_A_TIME, placeOf, placesFor } from '../kernels/pixel-kernels.js'
import type { Similarity } from './geometry.js'
import { placeLumaOf } from './luma.js'

/** A copy of a part of an image, which must lie inside of it. */
export function cropImage({ width, data }: RgbImage, rect: PixelRect): RgbImage {
  const cut = new Uint8Array(rect.width * rect.height * 3)
  for (let y = 0; y < rect.height; y++) {
    const from = ((rect.top + y) * width + rect.left) * 3
    cut.set(data.subarray(from, from + rect.width * 3), y * rect.width * 3)
  }
  return { width: rect.width, height: rect.height, data: cut }
}

/** An image made smaller by a whole factor: each pixel is the mean of factor x factor; a rest at the edges is dropped. */
export function shrinkByWholeFactor(image: RgbImage, factor: number): RgbImage {
  if (factor === 1) return image
  const width = Math.max(1, Math.floor(image.width / factor))
  const height = Math.max(1, Math.floor(image.height / factor))
  const data = new Uint8Array(width * height * 3)
  const sums = new Uint32Array(width * 3)
  const [columns, rows] = [Math.min(factor, image.width), Math.min(factor, image.height)]
  const area = columns * rows
  for (let y = 0; y < height; y++) {
    sums.fill(0)
    for (let row = 0; row < rows; row++) {
      let from = (y * factor + row) * image.width * 3
      for (let to = 0; to < sums.length; to += 3) {
        for (let column = 0; column < columns; column++, from += 3) {
          sums[to] += image.data[from]
          sums[to + 1] += image.data[from + 1]
          sums[to + 2] += image.data[from + 2]
        }
      }
    }
    const to = y * width * 3
    for (let i = 0; i < sums.length; i++) data[to + i] = (sums[i] + area / 2) / area
  }
  return { width, height, data }
}

/**
 * Samples a square from an image by linear interpolation; what lies outside the image is 0.
 * The image must not be much larger than the square it is sampled for, or it aliases: shrink it first.
 * @param toImage from pixels of the square to pixels of the image
 * @param out size x size x 3 floats from `offset` on; RGB, 0 to 255
 * @param mirrored from where on to write the mirror image (left and right exchanged), if at all
 */
export function sampleSquare(
  image: RgbImage,
  toImage: Similarity,
  size: number,
  out: Float32Array,
  offset = 0,
  mirrored?: number,
): void {
  sampleRows({ image, toImage, size, out, offset, mirrored }, 0, size)
}

/**
 * Makes the luma (ITU-R BT.601, 0 to 255) of a square sampled from an image; 0 outside of it.
 * @param size of the square; at most 170
 * @returns where size x size floats lie in the kernels' memory, until the next places or another luma are asked for
 */
export function placeLuma(image: RgbImage, toImage: Similarity, size: number): number {
  const kept = keptLumaAt(image)
  if (kept !== undefined) {
    const [luma] = placesFor(4 * size * size)
    const { a, b, tx, ty } = toImage
    const { width, height } = image
    kernels.sampleSquare(kept, true, 4 * width, width, height, a, b, tx, ty, size, 0, size, luma, 0)
    return luma
  }
  const rgb = floatsAt(lumaPlace(), 3 * size * size)
  sampleSquare(image, toImage, size, rgb)
  return placeLumaOf(rgb, size * size)
}

interface Sampling {
  readonly image: RgbImage
  readonly toImage: Similarity
  readonly size: number
  readonly out: Float32Array
  readonly offset: number
  readonly mirrored?: number
}

/** Samples rows of a square, in parts where they need much memory. */
function sampleRows(sampling: Sampling, from: number, to: number): void {
  const { image, toImage, size, out, offset, mirrored } = sampling
  const { width, height } = image
  const whole = keptAt(image)
  const seen = whole === undefined ? partCovered(sampling, from, to) : NOTHING
  const stride = 3 * (whole === undefined ? seen.width : width)
  const length = (to - from) * size * 3
  if (seen.height * stride + 4 * length > MOST_AT_A_TIME && to - from > 1) {
    const middle = (from + to) >> 1
    sampleRows(sampling, from, middle)
    sampleRows(sampling, middle, to)
    return
  }
  const starts = (mirrored === undefined ? [offset] : [offset, mirrored]).map((start) => start + from * size * 3)
  const [picture, ...rooms] = placesFor(seen.height * stride, ...starts.map(() => 4 * length))
  if (whole === undefined) placePart(image, seen, picture)
  const origin = whole ?? picture - seen.top * stride - seen.left * 3
  const there = placeOf(out)
  const [rgb, mirror = 0] = there === undefined ? rooms : starts.map((start) => there + 4 * start)
  const { a, b, tx, ty } = toImage
  kernels.sampleSquare(origin, false, stride, width, height, a, b, tx, ty, size, from, to, rgb, mirror)
  if (there !== undefined) return
  for (const [i, start] of starts.entries()) out.set(floatsAt(rooms[i], length), start)
}

const NOTHING: PixelRect = { left: 0, top: 0, width: 0, height: 0 }

/** The part of an image that is needed to sample rows of a square, neighbours included; it may be empty. */
function partCovered({ image, toImage, size }: Sampling, from: number, to: number): PixelRect {
  const { a, b, tx, ty } = toImage
  const left = Math.max(0, Math.floor(tx + Math.min(0, a * size) - Math.max(b * from, b * to)) - 1)
  const top = Math.max(0, Math.floor(ty + Math.min(0, b * size) + Math.min(a * from, a * to)) - 1)
  const right = Math.min(image.width, Math.ceil(tx + Math.max(0, a * size) - Math.min(b * from, b * to)) + 1)
  const bottom = Math.min(image.height, Math.ceil(ty + Math.max(0, b * size) + Math.max(a * from, a * to)) + 1)
  // Whole rows are copied at once, so that half of each may as well come along.
  if (2 * (right - left) > image.width) return { left: 0, top, width: image.width, height: Math.max(0, bottom - top) }
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}

/** Copies a part of an image into the memory of the kernels. */
function placePart({ width, data }: RgbImage, part: PixelRect, place: number): void {
  const stride = part.width * 3
  const copy = bytesAt(place, part.height * stride)
  let from = (part.top * width + part.left) * 3
  if (part.width === width) copy.set(data.subarray(from, from + copy.length))
  else
    for (let to = 0; to < copy.length; to += stride, from += width * 3) copy.set(data.subarray(from, from + stride), to)
}
