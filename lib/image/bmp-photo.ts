import { type FileHandle, open } from 'node:fs/promises'
import { BMP_HEAD_BYTES, type BmpHeader, parseBmpHeader } from './bmp-header.js'
import { rowUnpacker } from './bmp-rows.js'
import { expandRuns } from './bmp-run-length.js'
import { shrinkToFit, startPipeline, toRgbImage } from './decoder.js'
import { damagedImage } from './image-errors.js'
import { checkLimits, type ImageLimits } from './limits.js'
import type { Photo, PixelRect } from './photo.js'
import { checkInside } from './pixel-rect.js'
import type { RgbImage } from './rgb-image.js'

/** Stored rows are read in pieces of about this many bytes, so that a photo is not in memory twice. */
const PIECE_BYTES = 4_000_000

/**
 * A Windows or OS/2 bitmap, which libvips cannot decode. Of the BMP decoders on npm none reads all common kinds and
 * notices data that breaks off, hence the one beside this file.
 */
export class BmpPhoto implements Photo {
  readonly format = 'bmp'
  readonly width: number
  readonly height: number

  private constructor(
    private readonly path: string,
    private readonly header: BmpHeader,
  ) {
    this.width = header.width
    this.height = header.height
  }

  /** Reads the header only. Throws a FaceError `unsupported_image_format`, `damaged_image` or `too_many_pixels`. */
  static async open(path: string, limits: ImageLimits): Promise<BmpPhoto> {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const header = parseBmpHeader(await readExactly(file, 0, Math.min(BMP_HEAD_BYTES, size)), size)
      checkLimits(header.width, header.height, limits)
      return new BmpPhoto(path, header)
    } finally {
      await file.close()
    }
  }

  async preview(maxSide: number): Promise<{ image: RgbImage; scale: number }> {
    const whole = await this.rows(0, this.height)
    if (Math.max(this.width, this.height) <= maxSide) return { image: whole, scale: 1 }
    const raw = { width: whole.width, height: whole.height, channels: 3 } as const
    const image = await toRgbImage(shrinkToFit(startPipeline(whole.data, { raw }), maxSide))
    return { image, scale: Math.max(image.width, image.height) / Math.max(this.width, this.height) }
  }

  async region(rect: PixelRect): Promise<RgbImage> {
    checkInside(rect, this.width, this.height)
    const rows = await this.rows(rect.top, rect.height)
    const data = new Uint8Array(rect.width * rect.height * 3)
    for (let y = 0; y < rect.height; y++) {
      const from = (y * this.width + rect.left) * 3
      data.set(rows.data.subarray(from, from + rect.width * 3), y * rect.width * 3)
    }
    return { width: rect.width, height: rect.height, data }
  }

  /** Rows `top` to `top + count` of the photo, at their full width. */
  private async rows(top: number, count: number): Promise<RgbImage> {
    const file = await open(this.path)
    try {
      return { width: this.width, height: count, data: await decodeRows(file, this.header, top, count) }
    } finally {
      await file.close()
    }
  }
}

async function decodeRows(file: FileHandle, header: BmpHeader, top: number, count: number): Promise<Uint8Array> {
  const { palette, runLength, rowStride, rowBytes } = header
  const colours = await readExactly(file, palette.offset, palette.entries * palette.entryBytes)
  // Runs expand to one byte a pixel and no padding.
  const unpack = rowUnpacker(runLength ? { ...header, bitsPerPixel: 8 } : header, colours)
  const expanded = runLength ? expandRuns(await readRuns(file, header), header) : undefined
  const stride = expanded ? header.width : rowStride

  const firstStored = header.topDown ? top : header.height - top - count
  const rowsAtOnce = Math.max(1, Math.floor(PIECE_BYTES / stride))
  const rgb = new Uint8Array(header.width * count * 3)
  for (let done = 0; done < count; done += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, count - done)
    const from = (firstStored + done) * stride
    const stored =
      expanded?.subarray(from) ?? (await readExactly(file, header.dataOffset + from, (rows - 1) * stride + rowBytes))
    for (let row = 0; row < rows; row++) {
      const target = header.topDown ? done + row : count - 1 - done - row
      unpack(stored, row * stride, rgb, target * header.width * 3)
    }
  }
  return rgb
}

/** The encoded pixels. However an image is encoded, two bytes a pixel and a few a row are enough: the rest is not read. */
async function readRuns(file: FileHandle, { dataOffset, width, height }: BmpHeader): Promise<Buffer> {
  const { size } = await file.stat()
  return readExactly(file, dataOffset, Math.min(size - dataOffset, 2 * width * height + 4 * height + 2))
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
  if (bytesRead < length) throw damagedImage('bmp')
  return buffer
}
