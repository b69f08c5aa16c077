import type { RgbImage } from '../image/rgb-image.js'
import { keptAt } from '../kernels/kept-pictures.js'
import { bytesAt, floatsAt, kernels, MOST_AT_A_TIME, placeOf, placesFor } from '../kernels/pixel-kernels.js'

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
  const fit = { image, size, width, columns: tapsOf(image.width, width), rows: tapsOf(image.height, height) }
  fitRows(fit, 0, height, out, offset)
  out.fill(0, offset + height * size * 3, offset + size * size * 3)
}

/** Which source pixels make up each target pixel, and with what weight: target t uses start[t] to start[t + 1]. */
interface Taps {
  readonly start: Int32Array
  readonly index: Int32Array
  readonly weight: Float32Array
}

const NOTHING = new Uint8Array()

interface Fit {
  readonly image: RgbImage
  readonly size: number
  /** Of what is written, in pixels. */
  readonly width: number
  readonly columns: Taps
  readonly rows: Taps
}

/** Writes rows `from` to `to`, in parts where they need much memory. */
function fitRows(fit: Fit, from: number, to: number, out: Float32Array, offset: number): void {
  const { image, size, width, columns, rows } = fit
  const stride = image.width * 3
  const top = rows.index[rows.start[from]]
  const kept = keptAt(image)
  const below = (rows.index[rows.start[to] - 1] + 1) * stride
  const part = kept === undefined ? image.data.subarray(top * stride, below) : NOTHING
  const length = (to - from) * size * 3
  if (part.length + 4 * length > MOST_AT_A_TIME && to - from > 1) {
    const middle = (from + to) >> 1
    fitRows(fit, from, middle, out, offset)
    fitRows(fit, middle, to, out, offset)
    return
  }
  const tables = [rows.start, rows.index, rows.weight, columns.start, columns.index, columns.weight]
  const tableBytes = tables.map(({ byteLength }) => byteLength)
  const there = placeOf(out)
  const start = offset + from * size * 3
  const [picture, line, room, ...places] = placesFor(part.length, 4 * stride, 4 * length, ...tableBytes)
  bytesAt(picture, part.length).set(part)
  tables.forEach(({ buffer }, i) => {
    bytesAt(places[i], buffer.byteLength).set(new Uint8Array(buffer))
  })
  const square = there === undefined ? room : there + 4 * start
  const written = floatsAt(square, length)
  if (width < size) written.fill(0)
  const [rowStart, rowIndex, rowWeight, ...columnPlaces] = places
  const [columnStart, columnIndex, columnWeight] = columnPlaces
  const origin = kept ?? picture - top * stride
  kernels.fitIntoSquare(
    origin,
    stride,
    rowStart,
    rowIndex,
    rowWeight,
    columnStart,
    columnIndex,
    columnWeight,
    line,
    width,
    size,
    from,
    to,
    square,
  )
  if (there === undefined) out.set(written, start)
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
