import type { BmpHeader } from './bmp-header.js'

/** Turns one stored row, at `from` in `stored`, into RGB at `to` in `rgb`. */
export type RowUnpacker = (stored: Buffer, from: number, rgb: Uint8Array, to: number) => void

/** Chooses how the rows of a BMP are unpacked. `palette` is the file's own: blue, green, red(, unused) an entry. */
export function rowUnpacker(header: BmpHeader, palette: Buffer): RowUnpacker {
  if (header.bitsPerPixel <= 8) return paletteRow(header, palette)
  if (header.bitsPerPixel === 24) return bgrRow(header)
  return maskedRow(header)
}

/** Indices of 1, 2, 4 or 8 bits, leftmost pixel in the highest bits. An index beyond the palette is black. */
function paletteRow(
  { width, bitsPerPixel, palette: { entryBytes, entries } }: BmpHeader,
  palette: Buffer,
): RowUnpacker {
  const colours = new Uint8Array(256 * 3)
  for (let entry = 0; entry < entries; entry++) {
    colours.set(
      [2, 1, 0].map((byte) => palette[entry * entryBytes + byte]),
      entry * 3,
    )
  }
  const lastIndex = 2 ** bitsPerPixel - 1
  return (stored, from, rgb, to) => {
    for (let x = 0; x < width; x++) {
      const bit = x * bitsPerPixel
      const index = (stored[from + (bit >> 3)] >> (8 - bitsPerPixel - (bit & 7))) & lastIndex
      rgb[to + x * 3] = colours[index * 3]
      rgb[to + x * 3 + 1] = colours[index * 3 + 1]
      rgb[to + x * 3 + 2] = colours[index * 3 + 2]
    }
  }
}

function bgrRow({ width }: BmpHeader): RowUnpacker {
  return (stored, from, rgb, to) => {
    for (let byte = 0; byte < width * 3; byte += 3) {
      rgb[to + byte] = stored[from + byte + 2]
      rgb[to + byte + 1] = stored[from + byte + 1]
      rgb[to + byte + 2] = stored[from + byte]
    }
  }
}

/** 16- or 32-bit pixels, whose colours are where the masks say; each is stretched to the full range of a byte. */
function maskedRow({ width, bitsPerPixel, masks }: BmpHeader): RowUnpacker {
  const pixelBytes = bitsPerPixel / 8
  const [red, green, blue] = masks.map((mask) => {
    const shift = 31 - Math.clz32(mask & -mask)
    const max = mask >>> shift
    return { shift, max, scale: 255 / max }
  })
  return (stored, from, rgb, to) => {
    for (let x = 0; x < width; x++) {
      const at = from + x * pixelBytes
      const pixel = pixelBytes === 2 ? stored.readUInt16LE(at) : stored.readUInt32LE(at)
      rgb[to + x * 3] = ((pixel >>> red.shift) & red.max) * red.scale + 0.5
      rgb[to + x * 3 + 1] = ((pixel >>> green.shift) & green.max) * green.scale + 0.5
      rgb[to + x * 3 + 2] = ((pixel >>> blue.shift) & blue.max) * blue.scale + 0.5
    }
  }
}
