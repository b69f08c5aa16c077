import type { PixelRect } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { bytesAt, floatsAt, kernels, MOST_AT_A_TIME, placesFor } from '../kernels/pixel-kernels.js'
import type { Similarity } from './geometry.js'

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
 */
export function sampleSquare(image: RgbImage, toImage: Similarity, size: number, out: Float32Array, offset = 0): void {
  sampleRows({ image, toImage, size }, 0, size, (rgb, from, to) => {
    out.set(floatsAt(rgb, (to - from) * size * 3), offset + from * size * 3)
  })
}

/** As `sampleSquare`, and writes the mirror image (left and right exchanged) too, from `mirrored` on. */
export function sampleMirrored(
  image: RgbImage,
  toImage: Similarity,
  size: number,
  out: Float32Array,
  offset: number,
  mirrored: number,
): void {
  sampleRows({ image, toImage, size }, 0, size, (rgb, from, to, spare) => {
    const length = (to - from) * size * 3
    out.set(floatsAt(rgb, length), offset + from * size * 3)
    kernels.mirror(rgb, size, to - from, spare)
    out.set(floatsAt(spare, length), mirrored + from * size * 3)
  })
}

/**
 * The luma (ITU-R BT.601, 0 to 255) of a square sampled from an image; 0 outside of it.
 * @param luma size x size floats
 */
export function sampleLuma(
  image: RgbImage,
  toImage: Similarity,
  size: number,
  luma = new Float32Array(size * size),
): Float32Array {
  sampleRows({ image, toImage, size }, 0, size, (rgb, from, to) => {
    const count = (to - from) * size
    kernels.lumaOf(rgb, count, rgb)
    luma.set(floatsAt(rgb, count), from * size)
  })
  return luma
}

interface Sampling {
  readonly image: RgbImage
  readonly toImage: Similarity
  readonly size: number
}

/**
 * Samples rows of a square, in parts where they need much memory.
 * @param use is given rows `from` to `to` as they lie in the memory of the kernels, and as much room beside them
 */
function sampleRows(
  sampling: Sampling,
  from: number,
  to: number,
  use: (rgb: number, from: number, to: number, spare: number) => void,
): void {
  const { image, toImage, size } = sampling
  const seen = partCovered(sampling, from, to)
  const stride = seen.width * 3
  const length = (to - from) * size * 12
  if (seen.height * stride + length > MOST_AT_A_TIME && to - from > 1) {
    const middle = (from + to) >> 1
    sampleRows(sampling, from, middle, use)
    sampleRows(sampling, middle, to, use)
    return
  }
  const [picture, rgb, spare] = placesFor(seen.height * stride, length, length)
  placePart(image, seen, picture)
  const { a, b, tx, ty } = toImage
  const origin = picture - seen.top * stride - seen.left * 3
  const { width, height } = image
  kernels.sampleSquare(origin, stride, width, height, a, b, tx, ty, size, from, to, rgb)
  use(rgb, from, to, spare)
}

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
