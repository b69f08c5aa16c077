import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { type FileTypeResult, fileTypeFromBuffer } from 'file-type'
import { emptyFile, unsupportedFormat } from './image-errors.js'
import type { ImageFormat } from './photo.js'

/** As much of a file as file-type asks for. */
export const HEAD_BYTES = 4100

const FORMAT_BY_MIME: ReadonlyMap<string, ImageFormat> = new Map([
  ['image/jpeg', 'jpeg'],
  ['image/png', 'png'],
  ['image/apng', 'png'],
  ['image/bmp', 'bmp'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/avif', 'avif'],
  ['image/tiff', 'tiff'],
])

/**
 * Signatures that are enough on their own. file-type reads on before it names these (in TIFF to the directory, which is
 * often the last thing in the file) and so does not know them from their first bytes or when the file breaks off.
 */
const SIGNATURES: readonly (readonly [string, ImageFormat])[] = [
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['II*\0', 'tiff'],
  ['MM\0*', 'tiff'],
  ['II+\0', 'tiff'],
  ['MM\0+', 'tiff'],
]

/** The first `length` bytes of a file, or all of it if it is shorter. */
async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * Most photos are JPEG, and to ask file-type takes a while; it goes by the same bytes. The last of the four is the next marker: of
 * JPEG-LS, which nobody decodes, or of JPEG.
 */
function isJpeg(head: Buffer): boolean {
  return head.length > 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff && head[3] !== 0xf7
}

/** What a file is that file-type knows as `type`, if at all; completes "It appears to be ...". */
function describe(head: Buffer, type: FileTypeResult | undefined): string {
  // The last character may be cut in two.
  const isText = !head.includes(0) && [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)))
  if (isText && head.includes('<svg')) return 'an SVG drawing'
  if (type) return `${type.ext.toUpperCase()} (${type.mime})`
  return isText ? 'text' : 'data of an unknown kind'
}

/**
 * What image format a file is in, judged by its first HEAD_BYTES bytes alone (all of it if it is shorter): neither its
 * name nor a declared type matters. Needs no decoder, so it can be asked before a file is handed to one.
 *
 * Throws a FaceError `empty_file` or `unsupported_image_format` (SVG, PDF, HEIC, camera raw files and anything else that
 * is not an ImageFormat).
 */
export async function formatOf(head: Buffer): Promise<ImageFormat> {
  if (head.length === 0) throw emptyFile()
  if (isJpeg(head)) return 'jpeg'
  const type = await fileTypeFromBuffer(head)
  const format = type
    ? FORMAT_BY_MIME.get(type.mime)
    : SIGNATURES.find(([signature]) => head.toString('latin1', 0, signature.length) === signature)?.[1]
  if (format) return format
  throw unsupportedFormat(describe(head, type))
}

/** The format of the file at `path`; throws what `formatOf` does, and Node's own error if the file cannot be opened. */
export async function detectFormat(path: string): Promise<ImageFormat> {
  return formatOf(await readHead(path, HEAD_BYTES))
}
