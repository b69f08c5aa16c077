import type { PixelRect } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import type { Similarity } from './geometry.js'

/**
 * Scales an image so that its longer side is `size` and writes it into the upper left of a square, the rest being 0:
 * the detector's input (face-api NetInput, not centred).
 * Shrinking averages the area each pixel covers, so nothing aliases; enlarging interpolates linearly.
 * @param out size x size x 3 floats from `offset` on; RGB, 0 to 255
 */
export function fitIntoSquare(image: RgbImage, size: number, out: Float32Array, offset = 0): void {
  const scale = size / Math.max(image.width, image.height)
  const width = Math.max(1, Math.min(size, Math.round(image.width * scale)))
  const height = Math.max(1, Math.min(size, Math.round(image.height * scale)))
  out.fill(0, offset, offset + size * size * 3)
  const columns = tapsOf(image.width, width)
  const rows = tapsOf(image.height, height)
  // Rows first: adding up whole rows is the cheaper half, and what is left to filter by columns is short.
  const line = new Float32Array(image.width * 3)
  for (let y = 0; y < height; y++) {
    mixRows(image.data, rows, y, line)
    filterColumns(line, columns, out, offset + y * size * 3)
  }
}

/** Which source pixels make up each target pixel, and with what weight: target t uses start[t] to start[t + 1]. */
interface Taps {
  readonly start: Int32Array
  readonly index: Int32Array
  readonly weight: Float32Array
}

/** The taps used last: photos of one size come again and again, and each is looked at in several sizes. */
const lastTaps: { readonly from: number; readonly to: number; readonly taps: Taps }[] = []
const MOST_TAPS = 16

function tapsOf(from: number, to: number): Taps {
  const known = lastTaps.find((entry) => entry.from === from && entry.to === to)
  if (known !== undefined) return known.taps
  const taps = makeTaps(from, to)
  if (lastTaps.push({ from, to, taps }) > MOST_TAPS) lastTaps.shift()
  return taps
}

function makeTaps(from: number, to: number): Taps {
  const ratio = from / to
  const start = new Int32Array(to + 1)
  const index: number[] = []
  const weight: number[] = []
  for (let target = 0; target < to; target++) {
    start[target] = index.length
    if (ratio > 1) {
      const [begin, end] = [target * ratio, Math.min(from, (target + 1) * ratio)]
      for (let source = Math.floor(begin); source < end; source++) {
        index.push(source)
        weight.push((Math.min(end, source + 1) - Math.max(begin, source)) / (end - begin))
      }
    } else {
      const position = Math.max(0, Math.min(from - 1, (target + 0.5) * ratio - 0.5))
      const lower = Math.floor(position)
      index.push(lower, Math.min(from - 1, lower + 1))
      weight.push(1 - (position - lower), position - lower)
    }
  }
  start[to] = index.length
  return { start, index: Int32Array.from(index), weight: Float32Array.from(weight) }
}

/** The weighted sum of the rows that make up target row `y`; four at a time, so that the sum is written less often. */
function mixRows(data: Uint8Array, { start, index, weight }: Taps, y: number, line: Float32Array): void {
  const { length } = line
  const end = start[y + 1]
  for (let tap = start[y]; tap < end; tap += 4) {
    const [first, second, third, fourth] = [0, 1, 2, 3].map((more) => index[Math.min(tap + more, end - 1)] * length)
    const w1 = weight[tap]
    const w2 = tap + 1 < end ? weight[tap + 1] : 0
    const w3 = tap + 2 < end ? weight[tap + 2] : 0
    const w4 = tap + 3 < end ? weight[tap + 3] : 0
    const kept = tap === start[y] ? 0 : 1
    for (let i = 0; i < length; i++) {
      line[i] =
        kept * line[i] + w1 * data[first + i] + w2 * data[second + i] + w3 * data[third + i] + w4 * data[fourth + i]
    }
  }
}

function filterColumns(line: Float32Array, { start, index, weight }: Taps, out: Float32Array, offset: number): void {
  let to = offset
  for (let target = 0; target < start.length - 1; target++, to += 3) {
    let red = 0
    let green = 0
    let blue = 0
    for (let tap = start[target]; tap < start[target + 1]; tap++) {
      const from = index[tap] * 3
      const w = weight[tap]
      red += w * line[from]
      green += w * line[from + 1]
      blue += w * line[from + 2]
    }
    out[to] = red
    out[to + 1] = green
    out[to + 2] = blue
  }
}

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

/** The part of an image that may be seen; beside it everything is 0. */
export interface Window {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Samples a square from an image by linear interpolation; what lies outside the image (or the window) is 0.
 * The image must not be much larger than the square it is sampled for, or it aliases: shrink it first.
 * @param toImage from pixels of the square to pixels of the image
 * @param out size x size x 3 floats from `offset` on; RGB, 0 to 255
 */
export function sampleSquare(
  image: RgbImage,
  toImage: Similarity,
  size: number,
  out: Float32Array,
  offset = 0,
  window: Window = { left: 0, top: 0, right: image.width, bottom: image.height },
): void {
  const { width, height, data } = image
  const { a, b, tx, ty } = toImage
  const { left, top, right, bottom } = window
  const stride = width * 3
  let to = offset
  for (let y = 0; y < size; y++) {
    // Position of the first pixel's centre; each step to the right moves by (a, b).
    let px = a * 0.5 - b * (y + 0.5) + tx
    let py = b * 0.5 + a * (y + 0.5) + ty
    for (let x = 0; x < size; x++, to += 3, px += a, py += b) {
      if (px < left || px >= right || py < top || py >= bottom) {
        out[to] = out[to + 1] = out[to + 2] = 0
        continue
      }
      const sx = px > 0.5 ? px - 0.5 : 0
      const sy = py > 0.5 ? py - 0.5 : 0
      const x0 = sx | 0
      const y0 = sy | 0
      const fx = sx - x0
      const fy = sy - y0
      const p = y0 * stride + x0 * 3
      const q = x0 + 1 < width ? p + 3 : p
      const down = y0 + 1 < height ? stride : 0
      const r = p + down
      const s = q + down
      const w4 = fx * fy
      const w3 = fy - w4
      const w2 = fx - w4
      const w1 = 1 - fx - w3
      out[to] = w1 * data[p] + w2 * data[q] + w3 * data[r] + w4 * data[s]
      out[to + 1] = w1 * data[p + 1] + w2 * data[q + 1] + w3 * data[r + 1] + w4 * data[s + 1]
      out[to + 2] = w1 * data[p + 2] + w2 * data[q + 2] + w3 * data[r + 2] + w4 * data[s + 2]
    }
  }
}
