import { keep, roomFor } from '../kernels/kept-pictures.js'
import { bytesAt, kernels, PICTURE_BYTES, placesFor } from '../kernels/pixel-kernels.js'
import { type HuffmanCodes, type JpegHeader, readJpegHeader } from './jpeg-header.js'
import type { RgbImage } from './rgb-image.js'

/** Of larger photos little is gained, and sharp decodes two at a time where a core is idle: docs/PERFORMANCE.md. */
const MOST_PIXELS = 640 * 480
/** Where there are but a few columns, libjpeg makes colours for all pixels another way. */
const LEAST_SIDE = 16
/** Side of a block, in pixels. */
const BLOCK = 8
/** What the kernels take, in bytes: a component, its quantisers, a table of codes, a block, and room beyond the data. */
const COMPONENT = 32
const QUANTISERS = 128
const CODES = 1416
const COEFFICIENTS = 128
const BEYOND = 2048
/** From a row of shades to the next: kernels read a little beyond its borders. */
const MARGIN = 16

/**
 * Decodes an ordinary small JPEG at once and in this thread: to start a pipeline of sharp takes longer than that. The pixels
 * are those that sharp gives.
 * @param content all of the file
 * @returns undefined where it is of another kind, or anything in it is not as it should be: ask sharp then
 */
export function decodeSmallJpeg(content: Buffer): RgbImage | undefined {
  const header = readJpegHeader(content)
  if (header === undefined || Math.min(header.width, header.height) < LEAST_SIDE) return undefined
  if (header.width * header.height > MOST_PIXELS) return undefined
  try {
    return decode(content.subarray(header.data), header)
  } catch {
    // No memory for it, or a trap: the kernels reach nothing but their own memory, and a stranger's file must not be a fault of ours.
    return undefined
  }
}

/** @param data what follows the header */
function decode(data: Buffer, { width, height, components, interval }: JpegHeader): RgbImage | undefined {
  const [luma] = components
  const across = Math.ceil(width / (BLOCK * luma.across))
  const down = Math.ceil(height / (BLOCK * luma.down))
  const length = 3 * width * height
  const strides = components.map((component) => BLOCK * across * component.across + MARGIN)
  const [records, quantisers, codes, block, blueness, redness, encoded, piece, spare, ...shades] = placesFor(
    components.length * COMPONENT,
    components.length * QUANTISERS,
    components.length * 2 * CODES,
    COEFFICIENTS,
    strides[0],
    strides[0],
    data.length,
    data.length + BEYOND,
    length > PICTURE_BYTES ? length : 0,
    ...components.map((component, i) => BLOCK * down * component.down * strides[i]),
  )
  for (const [i, component] of components.entries()) {
    const [dc, ac] = [codes + 2 * i * CODES, codes + (2 * i + 1) * CODES]
    const quantised = quantisers + i * QUANTISERS
    const record = [dc, ac, quantised, shades[i], strides[i], component.across, component.down, 0]
    write(records + i * COMPONENT, Int32Array.from(record))
    write(quantised, component.quantisers)
    if (!writeCodes(component.dc, dc, piece) || !writeCodes(component.ac, ac, piece)) return undefined
  }
  write(encoded, data)
  if (!kernels.readScan(encoded, encoded + data.length, records, across, down, interval, piece, block)) return undefined
  // Where the kernels that come next will look for it.
  const room = roomFor(length)
  const rgb = room ?? spare
  kernels.writePixels(records, width, height, blueness, redness, rgb)
  return room === undefined ? { width, height, data: bytesAt(rgb, length).slice() } : keep(width, height)
}

/** @returns whether they are codes */
function writeCodes({ counts, symbols }: HuffmanCodes, place: number, room: number): boolean {
  write(room, counts)
  write(room + counts.length, symbols)
  return kernels.huffmanTable(room, room + counts.length, place) !== 0
}

function write(place: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  bytesAt(place, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength))
}
