import { open } from 'node:fs/promises'
import { damagedImage } from './image-errors.js'

/** A directory is a page or a smaller copy of one: scanners write a few dozen. */
const MOST_DIRECTORIES = 200

/** The bytes of what leads from one directory to the next: the place of one, the number of its entries, and an entry. */
interface Layout {
  readonly place: 4 | 8
  readonly count: 2 | 8
  readonly entry: 12 | 20
}
const TIFF: Layout = { place: 4, count: 2, entry: 12 }
const BIG_TIFF: Layout = { place: 8, count: 8, entry: 20 }
/** The third or fourth byte of a BigTIFF; of any other it is 42. */
const BIG = 43

/** Up to `length` bytes from a place on; fewer where the file ends. */
type Read = (at: number, length: number) => Buffer | Promise<Buffer>

/**
 * Refuses a TIFF of absurdly many directories: libvips reads them all to count the pages, and 60,000 kept it busy for
 * seconds.
 * @param source the file's path or its content
 * @throws FaceError `damaged_image`
 */
export async function checkDirectories(source: string | Buffer): Promise<void> {
  if (typeof source !== 'string') return follow((at, length) => source.subarray(at, at + length))
  const file = await open(source)
  try {
    await follow(async (at, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
      return buffer.subarray(0, bytesRead)
    })
  } finally {
    await file.close()
  }
}

/** Goes from directory to directory; where the file breaks off it is for the decoder to say so. */
async function follow(read: Read): Promise<void> {
  const head = await read(0, 4)
  const isLittle = head[0] === 0x49
  const { place, count, entry } = head.includes(BIG) ? BIG_TIFF : TIFF
  const numberAt = async (at: number, size: number) => {
    // Beyond 48 bits there is no file.
    const bytes = at < 2 ** 48 ? await read(at, size) : Buffer.alloc(0)
    const digits: Uint8Array = isLittle ? bytes.toReversed() : bytes
    return digits.length < size ? 0 : digits.reduce((sum, digit) => 256 * sum + digit, 0)
  }
  let directories = 0
  for (let at = await numberAt(place, place); at !== 0; directories++) {
    if (directories === MOST_DIRECTORIES) throw damagedImage('tiff')
    at = await numberAt(at + count + entry * (await numberAt(at, count)), place)
  }
}
