export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

/** The checksum of PNG chunks (ISO 3309). */
function crc32(content: Buffer): number {
  let crc = 0xffffffff
  for (const byte of content) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}

/** @param colour 0: grey, 2: RGB */
export function pngHeader(width: number, height: number, bits: number, colour: number): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  data[8] = bits
  data[9] = colour
  return pngChunk('IHDR', data)
}

/** A GIF of black frames. */
export function gifOfFrames(count: number, width: number, height: number): Buffer {
  const screen = Buffer.alloc(7)
  screen.writeUInt16LE(width)
  screen.writeUInt16LE(height, 2)
  screen[4] = 0x80
  const descriptor = Buffer.alloc(10)
  descriptor[0] = 0x2c
  descriptor.writeUInt16LE(width, 5)
  descriptor.writeUInt16LE(height, 7)
  // Clear, one pixel, end; a decoder leaves the other pixels as they are.
  const pixels = Buffer.from([2, 2, 0x44, 0x01, 0])
  const frame = Buffer.concat([Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0]), descriptor, pixels])
  const palette = Buffer.from([0, 0, 0, 255, 255, 255])
  return Buffer.concat([Buffer.from('GIF89a'), screen, palette, ...Array(count).fill(frame), Buffer.from([0x3b])])
}

/** Tag, type (3: 16 bits, 4: 32 bits), number of values, value or where the values are. */
export type TiffEntry = readonly [tag: number, type: number, count: number, value: number]

/** A TIFF of one directory. @param next where the following directory is; 0: there is none */
export function tiffOf(entries: readonly TiffEntry[], next = 0): Buffer {
  const directory = Buffer.alloc(2 + 12 * entries.length + 4)
  directory.writeUInt16LE(entries.length & 0xffff)
  entries.forEach(([tag, type, count, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i)
    directory.writeUInt16LE(type, 4 + 12 * i)
    directory.writeUInt32LE(count, 6 + 12 * i)
    directory.writeUInt32LE(value, 10 + 12 * i)
  })
  directory.writeUInt32LE(next, directory.length - 4)
  return Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), directory])
}

/** A TIFF (of the lower byte first) whose directory comes so many times: pages that all have the same pixels. */
export function tiffOfPages(tiff: Buffer, pages: number): Buffer {
  const start = tiff.readUInt32LE(4)
  const end = start + 2 + 12 * tiff.readUInt16LE(start)
  const directory = tiff.subarray(start, end + 4)
  const copies = Buffer.concat(Array<Buffer>(pages - 1).fill(directory))
  for (let page = 1; page < pages; page++) {
    const next = page + 1 < pages ? tiff.length + page * directory.length : 0
    copies.writeUInt32LE(next, page * directory.length - 4)
  }
  const first = Buffer.from(tiff)
  if (pages > 1) first.writeUInt32LE(tiff.length, end)
  return Buffer.concat([first, copies])
}

/** A box of the ISO media format, as AVIF is made of. */
export function byteBox(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + content.length)
  head.write(type, 4)
  return Buffer.concat([head, content])
}

/** A chunk of a RIFF file, as WebP is made of. */
export function webpChunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
}

/** A JPEG that begins with a segment, or with the same one many times. */
export function jpegSegments(jpeg: Buffer, marker: number, content: Buffer, count = 1): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  const segment = Buffer.concat([head, content])
  return Buffer.concat([jpeg.subarray(0, 2), ...Array(count).fill(segment), jpeg.subarray(2)])
}
