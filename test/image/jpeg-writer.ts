import { Random } from '../../bench/random.js'
import { SEGMENT, segmentsOf } from '../../lib/image/jpeg-segments.js'
import { plain } from './pictures.js'

/** What sharp writes no JPEG of its own with. */
export interface JpegKind {
  readonly width: number
  readonly height: number
  /** Blocks of luma for each block of the others, across and down. */
  readonly across: number
  readonly down: number
  /** Units of the picture from one restart to the next; 0 for none. */
  readonly interval?: number
  readonly quality?: number
}

/** A baseline JPEG of a picture left to chance, with shades far beyond black and white, too. */
export async function randomJpeg(kind: JpegKind, seed: number): Promise<Buffer> {
  const { width, height, across, down, interval = 0, quality = 90 } = kind
  const model = await plain([90, 120, 200])
    .jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: false })
    .toBuffer()
  const codes = new Map<number, Map<number, string>>()
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8])]
  for (const { marker, body } of segmentsOf(model)) {
    if (marker === SEGMENT.huffmanCodes) readCodes(body, codes)
    if (marker === SEGMENT.baselineFrame) {
      body.writeUInt16BE(height, 1)
      body.writeUInt16BE(width, 3)
      body[7] = 16 * across + down
    }
    if (marker === SEGMENT.startOfScan && interval > 0) {
      parts.push(Buffer.from([0xff, SEGMENT.restartInterval, 0, 4, interval >> 8, interval & 255]))
    }
    parts.push(Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body)
  }
  const units = Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down))
  const random = new Random(seed)
  const blocks = [across * down, 1, 1]
  let last = [0, 0, 0]
  let bits = ''
  for (let unit = 0; unit < units; unit++) {
    if (interval > 0 && unit > 0 && unit % interval === 0) {
      parts.push(stuffed(bits), Buffer.from([0xff, 0xd0 + ((unit / interval - 1) & 7)]))
      bits = ''
      last = [0, 0, 0]
    }
    for (const [component, count] of blocks.entries()) {
      for (let i = 0; i < count; i++) {
        const first = Math.round(2.5 * quality * random.normal())
        bits += block(first - last[component], random, codes, component === 0 ? 0 : 1)
        last[component] = first
      }
    }
  }
  return Buffer.concat([...parts, stuffed(bits), Buffer.from([0xff, 0xd9])])
}

/** From a number of a table and a symbol to its code (ITU-T T.81, annex C). */
function readCodes(body: Buffer, codes: Map<number, Map<number, string>>): void {
  for (let at = 0; at < body.length; ) {
    const table = new Map<number, string>()
    codes.set(body[at], table)
    let symbol = at + 17
    let code = 0
    for (let length = 1; length <= 16; length++, code <<= 1) {
      for (let i = 0; i < body[at + length]; i++) table.set(body[symbol++], (code++).toString(2).padStart(length, '0'))
    }
    at = symbol
  }
}

/** The bits of a block: fewer and smaller coefficients the higher they are. */
function block(difference: number, random: Random, codes: Map<number, Map<number, string>>, table: number): string {
  const [dc, ac] = [codes.get(table)!, codes.get(16 + table)!]
  let bits = dc.get(sizeOf(difference))! + numberBits(difference)
  const count = random.next() < 0.2 ? 0 : Math.floor(64 * random.next() ** 3)
  let zeros = 0
  for (let i = 1; i < 64; i++) {
    const value = i > count || random.next() < 0.3 ? 0 : Math.round((60 * random.normal()) / i)
    if (value === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) bits += ac.get(0xf0)!
    bits += ac.get(16 * zeros + sizeOf(value))! + numberBits(value)
    zeros = 0
  }
  return zeros > 0 ? bits + ac.get(0)! : bits
}

const sizeOf = (value: number) => (value === 0 ? 0 : Math.abs(value).toString(2).length)

/** Negative numbers are told as what they are more than the least of their size. */
function numberBits(value: number): string {
  const size = sizeOf(value)
  if (size === 0) return ''
  return (value > 0 ? value : value + 2 ** size - 1).toString(2).padStart(size, '0')
}

/** As bytes, filled with ones, and with a zero after each byte of ones. */
function stuffed(bits: string): Buffer {
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2))
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])))
}
