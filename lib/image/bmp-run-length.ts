import type { BmpHeader } from './bmp-header.js'
import { damagedImage } from './image-errors.js'

/**
 * Expands RLE8 or RLE4 into palette indices, one byte a pixel, rows in the order in which they are stored.
 * Pixels that the file skips have index 0.
 *
 * Throws a FaceError `damaged_image` if the data ends before the image does, or a run leaves the image.
 * Source of the encoding: Microsoft, "Bitmap Compression".
 */
export function expandRuns(encoded: Buffer, { width, height, bitsPerPixel }: BmpHeader): Buffer {
  const indices = Buffer.alloc(width * height)
  const nibbles = bitsPerPixel === 4
  let position = 0
  let x = 0
  let y = 0

  const next = (): number => {
    if (position >= encoded.length) throw damagedImage('bmp')
    return encoded[position++]
  }
  const put = (index: number): void => {
    if (x >= width || y >= height) throw damagedImage('bmp')
    indices[y * width + x++] = index
  }

  for (;;) {
    // Some writers leave out the end mark; nothing is missing then.
    if (position === encoded.length && (y >= height || (y === height - 1 && x === width))) return indices
    const count = next()
    const value = next()
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nibbles ? (i % 2 === 0 ? value >> 4 : value & 15) : value)
    } else if (value === 0) {
      x = 0
      y++
    } else if (value === 1) {
      return indices
    } else if (value === 2) {
      x += next()
      y += next()
    } else {
      const start = position
      for (let i = 0; i < value; i++) {
        const byte = nibbles && i % 2 === 1 ? encoded[position - 1] : next()
        put(nibbles ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte)
      }
      position += (position - start) % 2
    }
  }
}
