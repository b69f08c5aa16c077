import { open } from 'node:fs/promises'
import { damagedImage } from './image-errors.js'
import type { ImageFormat } from './photo.js'

/** Formats in which libvips hands what it takes for EXIF to libexif. */
const WITH_EXIF: readonly ImageFormat[] = ['jpeg', 'png', 'webp', 'avif']
/** EXIF is a TIFF inside the image: it begins with the byte order and 42. */
const STARTS = [Buffer.from('II*\0'), Buffer.from('MM\0*')]
/** Tags whose value is where another directory begins: EXIF, GPS and interoperability (Exif 2.32, section 4.6.3). */
const POINTERS: readonly number[] = [0x8769, 0x8825, 0xa005]
/** A camera writes each pointer once, twice at most; libexif reads on at every one, however often it has been there. */
const MOST_POINTERS = 16
/** Pictures made of several have a few EXIF blocks; by chance the four bytes come once in two gigabytes. */
const MOST_BLOCKS = 64
/** libexif reads no further, and no JPEG segment is longer. */
const BLOCK_BYTES = 65_536
const PIECE_BYTES = 2 ** 20

/**
 * Refuses a picture whose EXIF data is made to keep libexif busy: 65 KB of pointers that lead in circles cost it nine
 * seconds, each time the file is opened.
 * @param source the file's path or its content
 * @throws FaceError `damaged_image`
 */
export async function checkExif(source: string | Buffer, format: ImageFormat): Promise<void> {
  if (!WITH_EXIF.includes(format)) return
  let blocks = 0
  const check = (block: Buffer) => {
    if (++blocks > MOST_BLOCKS || hasTooManyPointers(block)) throw damagedImage(format)
  }
  if (typeof source !== 'string') for (const block of exifBlocksIn(source, source.length)) check(block)
  else for await (const block of exifBlocks(source)) check(block)
}

/** What could be EXIF in a piece of a file and begins in its first bytes. */
function* exifBlocksIn(piece: Buffer, firstBytes: number): Generator<Buffer> {
  for (const start of STARTS) {
    let at = piece.indexOf(start)
    for (; at !== -1 && at < firstBytes; at = piece.indexOf(start, at + 1)) {
      yield piece.subarray(at, at + BLOCK_BYTES)
    }
  }
}

/** Whatever in the file could be EXIF, wherever it is: decoders look for it in more places than a format names. */
async function* exifBlocks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.allocUnsafe(Math.min((await file.stat()).size, PIECE_BYTES) + BLOCK_BYTES)
    for (let position = 0; ; position += PIECE_BYTES) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
      yield* exifBlocksIn(buffer.subarray(0, bytesRead), PIECE_BYTES)
      if (bytesRead <= PIECE_BYTES) return
    }
  } finally {
    await file.close()
  }
}

/** Follows the directories of a block, each once. */
function hasTooManyPointers(block: Buffer): boolean {
  const little = block[0] === 0x49
  const short = (at: number) => (little ? block.readUInt16LE(at) : block.readUInt16BE(at))
  const long = (at: number) => (little ? block.readUInt32LE(at) : block.readUInt32BE(at))
  const directories = new Set(block.length >= 8 ? [long(4)] : [])
  let pointers = 0
  for (const start of directories) {
    if (start + 2 > block.length) continue
    const entries = Math.min(short(start), Math.floor((block.length - start - 2) / 12))
    for (let entry = start + 2; entry < start + 2 + 12 * entries; entry += 12) {
      if (!POINTERS.includes(short(entry))) continue
      if (++pointers > MOST_POINTERS) return true
      directories.add(long(entry + 8))
    }
    const next = start + 2 + 12 * entries
    if (next + 4 <= block.length) directories.add(long(next))
  }
  return false
}
