import { damagedImage, unsupportedFormat } from './image-errors.js'

/** As much of a BMP as its longest header takes: the file header (14 bytes) and BITMAPV5HEADER (124). */
export const BMP_HEAD_BYTES = 14 + 124

/** What the headers of a BMP say about the rest of it; see parseBmpHeader. */
export interface BmpHeader {
  readonly width: number
  readonly height: number
  /** Rows are stored from the top down, not from the bottom up as usual. */
  readonly topDown: boolean
  readonly bitsPerPixel: 1 | 2 | 4 | 8 | 16 | 24 | 32
  /** The pixels are run-length encoded (RLE8 or RLE4). */
  readonly runLength: boolean
  /** Which bits of a 16- or 32-bit pixel hold red, green and blue. */
  readonly masks: readonly [number, number, number]
  /** Where the colours are, for up to 8 bits a pixel. */
  readonly palette: { readonly offset: number; readonly entryBytes: 3 | 4; readonly entries: number }
  /** Where the pixels begin. */
  readonly dataOffset: number
  /** From one stored row to the next: rows are padded to a multiple of four bytes. */
  readonly rowStride: number
  /** Of these, bytes that hold pixels. */
  readonly rowBytes: number
}

/** OS/2 1, OS/2 2 (short and long), Windows 3, V2, V3, V4 and V5. */
const HEADER_SIZES = [12, 16, 64, 40, 52, 56, 108, 124]
const COMPRESSION = { none: 0, rle8: 1, rle4: 2, bitFields: 3, alphaBitFields: 6 }
const RGB_555 = [0x7c00, 0x03e0, 0x001f] as const
const RGB_888 = [0xff0000, 0x00ff00, 0x0000ff] as const

function isBitsPerPixel(bits: number): bits is BmpHeader['bitsPerPixel'] {
  return [1, 2, 4, 8, 16, 24, 32].includes(bits)
}

/**
 * Reads the headers of a BMP file: `head` is its first BMP_HEAD_BYTES (or all of a shorter file), `fileSize` is in bytes.
 * Transparency and colour profiles, which some V4 and V5 headers declare and hardly a program heeds, are left aside.
 *
 * Throws a FaceError `unsupported_image_format` if this is no BMP of a known kind and `damaged_image` if the numbers make
 * no sense or the file is too short for the pixels they promise. Source of the layout: Microsoft, "Bitmap Storage" and
 * "BITMAPV5HEADER (wingdi.h)"; OS/2 headers as in "Graphics File Formats" (Murray, vanRyper), "OS/2 Bitmap".
 */
export function parseBmpHeader(head: Buffer, fileSize: number): BmpHeader {
  const headerSize = head.length >= 18 ? head.readUInt32LE(14) : 0
  if (!HEADER_SIZES.includes(headerSize)) throw unsupportedFormat('data that only begins like a BMP image')
  if (head.length < 14 + headerSize) throw damagedImage('bmp')

  const isCore = headerSize === 12
  const width = isCore ? head.readUInt16LE(18) : head.readInt32LE(18)
  const signedHeight = isCore ? head.readUInt16LE(20) : head.readInt32LE(22)
  const bitsPerPixel = head.readUInt16LE(isCore ? 24 : 28)
  const compression = headerSize >= 40 ? head.readUInt32LE(30) : COMPRESSION.none
  const colours = headerSize >= 40 ? head.readUInt32LE(46) : 0
  const dataOffset = head.readUInt32LE(10)
  if (!isBitsPerPixel(bitsPerPixel) || width <= 0 || signedHeight === 0) throw damagedImage('bmp')

  const runLength =
    (compression === COMPRESSION.rle8 && bitsPerPixel === 8) || (compression === COMPRESSION.rle4 && bitsPerPixel === 4)
  // The long OS/2 header means other things by 3 and above.
  const hasMasks =
    (compression === COMPRESSION.bitFields || compression === COMPRESSION.alphaBitFields) &&
    (bitsPerPixel === 16 || bitsPerPixel === 32) &&
    headerSize !== 64
  if (compression !== COMPRESSION.none && !runLength && !hasMasks) throw damagedImage('bmp')

  // Masks follow the Windows 3 header; in longer headers they are the next fields, at the same place.
  const masksAfterHeader = hasMasks && headerSize === 40 ? (compression === COMPRESSION.bitFields ? 12 : 16) : 0
  const paletteOffset = 14 + headerSize + masksAfterHeader
  const entryBytes = isCore ? 3 : 4
  const entries = bitsPerPixel > 8 ? 0 : Math.min(colours || 256, 2 ** bitsPerPixel)
  const header: BmpHeader = {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel,
    runLength,
    masks: hasMasks ? readMasks(head) : bitsPerPixel === 16 ? RGB_555 : RGB_888,
    palette: {
      offset: paletteOffset,
      entryBytes,
      entries: Math.min(entries, Math.floor((dataOffset - paletteOffset) / entryBytes)),
    },
    dataOffset,
    rowStride: Math.ceil((width * bitsPerPixel) / 32) * 4,
    rowBytes: Math.ceil((width * bitsPerPixel) / 8),
  }
  const dataBytes = runLength ? 1 : header.rowStride * (header.height - 1) + header.rowBytes
  if (dataOffset < paletteOffset || dataOffset + dataBytes > fileSize) throw damagedImage('bmp')
  return header
}

/** Three masks, each of neighbouring bits. */
function readMasks(head: Buffer): [number, number, number] {
  if (head.length < 66) throw damagedImage('bmp')
  const masks: [number, number, number] = [head.readUInt32LE(54), head.readUInt32LE(58), head.readUInt32LE(62)]
  if (!masks.every((mask) => /^0*1+0*$/.test(mask.toString(2)))) throw damagedImage('bmp')
  return masks
}
