import { deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import type { BadFile } from './damage.js'
import { byteBox, gifOfFrames, PNG_SIGNATURE, pngChunk, pngHeader, tiffOf, tiffOfPages } from './file-parts.js'
import { jpegOfScans } from './jpeg-of-scans.js'

/** Files that are small to send and would be huge to open, or that claim to hold what no file can. */
export async function bombs(portrait: Buffer): Promise<BadFile[]> {
  const files: Record<string, Buffer> = {
    'PNG of 30,000 x 30,000 pixels': monochromePng(30_000, 30_000),
    'PNG of 7,000 x 7,000 pixels of nothing': monochromePng(7_000, 7_000),
    'PNG that claims 2,147,483,647 x 2,147,483,647 pixels': png(pngHeader(0x7fffffff, 0x7fffffff, 8, 2), pixels(100)),
    'PNG that claims 0 x 0 pixels': png(pngHeader(0, 0, 8, 2), pixels(100)),
    'PNG of 64 x 64 pixels with 200 MB of pixel data': png(pngHeader(64, 64, 8, 2), zeros(200)),
    'APNG of 10,000 frames': animatedPng(10_000),
    'GIF of 10,000 frames': gifOfFrames(10_000, 16, 16),
    'GIF of 65,535 x 65,535 pixels': gifOfFrames(1, 65_535, 65_535),
    'TIFF that claims 4,294,967,295 x 4,294,967,295 pixels': tiffOf([
      [256, 4, 1, 0xffffffff],
      [257, 4, 1, 0xffffffff],
      [258, 3, 1, 8],
      [259, 3, 1, 1],
      [262, 3, 1, 1],
      [273, 4, 1, 8],
      [278, 4, 1, 0xffffffff],
      [279, 4, 1, 0xffffffff],
    ]),
    'TIFF with a tag of 4,294,967,295 values': tiffOf([
      [256, 4, 1, 64],
      [257, 4, 1, 64],
      [258, 3, 0xffffffff, 8],
      [273, 4, 0xffffffff, 8],
      [279, 4, 0xffffffff, 8],
    ]),
    'TIFF whose directory follows itself': tiffOf([[256, 4, 1, 64]], 8),
    'TIFF of 65,535 tags': tiffOf(Array.from({ length: 65_535 }, (_, i) => [i, 4, 1, 0xffffffff] as const)),
    'BMP that claims 2,147,483,647 x 2,147,483,647 pixels': bmpHeader(0x7fffffff, 0x7fffffff),
    'BMP of minus 2,147,483,648 rows': bmpHeader(1, -0x80000000),
    'WebP that claims 16,383 x 16,383 pixels': webpHeader(16_383, 16_383),
    'AVIF whose boxes are each in the other': Buffer.concat([
      byteBox('ftyp', Buffer.from('avif\0\0\0\0avifmif1', 'latin1')),
      Array.from({ length: 5_000 }).reduce<Buffer>((inner) => byteBox('meta', inner), Buffer.alloc(8)),
    ]),
    'JPEG of 7,000 x 7,000 pixels in 882 scans': jpegOfScans(7_000),
    'JPEG of 65,535 x 65,535 pixels': withJpegSize(portrait, 65_535, 65_535),
    'JPEG of 0 x 0 pixels': withJpegSize(portrait, 0, 0),
    'SVG that names itself a billion times': billionLaughs(),
    'gzip of 100 MB': gzipSync(Buffer.alloc(100 * 2 ** 20)),
    'half a PNG signature': PNG_SIGNATURE.subarray(0, 4),
    nothing: Buffer.alloc(0),
    'one byte': Buffer.alloc(1),
  }
  const blank = await sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#888' } })
    .webp({ lossless: true, effort: 0 })
    .toBuffer()
  files['WebP of 7,000 x 7,000 pixels of nothing'] = blank
  const grey = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } })
    .tiff()
    .toBuffer()
  files['TIFF of 60,000 directories'] = tiffOfPages(grey, 60_000)
  return Object.entries(files).map(([name, content]) => ({ name, content, mayBeSound: false }))
}

function png(...chunks: Buffer[]): Buffer {
  return Buffer.concat([PNG_SIGNATURE, ...chunks, pngChunk('IEND', Buffer.alloc(0))])
}

/** One bit a pixel, all the same. */
function monochromePng(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)))
  return png(pngHeader(width, height, 1, 0), pngChunk('IDAT', deflateSync(rows, { level: 9 })))
}

/** Pixel data of a square of this side. */
function pixels(side: number): Buffer {
  return pngChunk('IDAT', deflateSync(Buffer.alloc(side * (1 + 3 * side))))
}

function zeros(megabytes: number): Buffer {
  return pngChunk('IDAT', deflateSync(Buffer.alloc(megabytes * 2 ** 20)))
}

function animatedPng(frames: number): Buffer {
  const count = Buffer.alloc(8)
  count.writeUInt32BE(frames)
  const frame = (i: number) => {
    const control = Buffer.alloc(26)
    control.writeUInt32BE(2 * i)
    control.writeUInt32BE(64, 4)
    control.writeUInt32BE(64, 8)
    const sequence = Buffer.alloc(4)
    sequence.writeUInt32BE(2 * i + 1)
    const data = Buffer.concat([sequence, deflateSync(Buffer.alloc(64 * 193))])
    return Buffer.concat([pngChunk('fcTL', control), pngChunk('fdAT', data)])
  }
  return png(
    pngHeader(64, 64, 8, 2),
    pngChunk('acTL', count),
    pixels(64),
    ...Array.from({ length: frames }, (_, i) => frame(i)),
  )
}

function bmpHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(54)
  header.write('BM')
  header.writeUInt32LE(54, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(width, 18)
  header.writeInt32LE(height, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(24, 28)
  return header
}

function webpHeader(width: number, height: number): Buffer {
  const lossless = Buffer.alloc(5)
  lossless[0] = 0x2f
  lossless.writeUInt32LE((width - 1) | ((height - 1) << 14), 1)
  const chunk = Buffer.concat([Buffer.from('VP8L\x05\0\0\0', 'latin1'), lossless, Buffer.alloc(1)])
  return Buffer.concat([Buffer.from('RIFF'), Buffer.from([4 + chunk.length, 0, 0, 0]), Buffer.from('WEBP'), chunk])
}

function withJpegSize(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg)
  const frame = jpegFrame(jpeg)
  changed.writeUInt16BE(height, frame + 5)
  changed.writeUInt16BE(width, frame + 7)
  return changed
}

/** Where the segment begins that tells the size (SOF0 to SOF2). */
function jpegFrame(jpeg: Buffer): number {
  let at = 2
  while (jpeg[at + 1] < 0xc0 || jpeg[at + 1] > 0xc2) at += 2 + jpeg.readUInt16BE(at + 2)
  return at
}

function billionLaughs(): Buffer {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
  return Buffer.from(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "ha">${entities.join('')}]><svg>&l9;</svg>`)
}
