import type { RgbImage } from '../../lib/image/rgb-image.js'

export interface BmpOptions {
  readonly bits: 1 | 2 | 4 | 8 | 16 | 24 | 32
  /** Size of the header in bytes: 12 and 64 are OS/2's, 40 is the usual one, 52 to 124 are its successors. */
  readonly header?: 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124
  readonly topDown?: boolean
  readonly runLength?: boolean
  /** Red, green, blue and perhaps alpha; without it a 16-bit pixel is 5-5-5 and a 32-bit pixel 8-8-8. */
  readonly masks?: readonly number[]
  /** Bytes between the headers and the pixels. */
  readonly gap?: number
  /** Leave the number of colours 0, which means all. */
  readonly coloursUnsaid?: boolean
}

type Colour = readonly [red: number, green: number, blue: number]

/** 8 bits: three of red, three of green, two of blue. Fewer bits: that many greys. */
function paletteOf(bits: number): Colour[] {
  return Array.from({ length: 2 ** bits }, (_, i) => {
    if (bits < 8) return [1, 1, 1].map(() => Math.round((i * 255) / (2 ** bits - 1))) as unknown as Colour
    return [((i >> 5) * 255) / 7, (((i >> 2) & 7) * 255) / 7, ((i & 3) * 255) / 3].map(Math.round) as unknown as Colour
  })
}

function indexOf([red, green, blue]: Colour, bits: number): number {
  if (bits < 8) return Math.round((((red + green + blue) / 3) * (2 ** bits - 1)) / 255)
  return (Math.round((red * 7) / 255) << 5) | (Math.round((green * 7) / 255) << 2) | Math.round((blue * 3) / 255)
}

function masksOf({ bits, masks }: BmpOptions): readonly number[] {
  return masks ?? (bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff])
}

const lowestBit = (mask: number): number => Math.log2((mask & -mask) >>> 0)
const highest = (mask: number): number => mask / 2 ** lowestBit(mask)

function* pixelsOf({ data }: RgbImage): Generator<Colour> {
  for (let i = 0; i < data.length; i += 3) yield [data[i], data[i + 1], data[i + 2]]
}

/** What a decoder must make of makeBmp(image, options): the image in the colours that the file can hold. */
export function asStored(image: RgbImage, options: BmpOptions): RgbImage {
  const palette = options.bits <= 8 ? paletteOf(options.bits) : []
  const masks = masksOf(options)
  const store = (colour: Colour): readonly number[] => {
    if (options.bits <= 8) return palette[indexOf(colour, options.bits)]
    if (options.bits === 24) return colour
    return colour.map((value, i) => (Math.round((value * highest(masks[i])) / 255) * 255) / highest(masks[i]))
  }
  return { ...image, data: Uint8Array.from([...pixelsOf(image)].flatMap((colour) => store(colour).map(Math.round))) }
}

function packRow(colours: Colour[], options: BmpOptions): Buffer {
  const { bits } = options
  const masks = masksOf(options)
  if (bits === 24) return Buffer.from(colours.flatMap(([red, green, blue]) => [blue, green, red]))
  const values = colours.map((colour) => {
    if (bits <= 8) return indexOf(colour, bits)
    const alpha = masks[3] ?? 0
    return colour.reduce(
      (pixel, value, i) => pixel + Math.round((value * highest(masks[i])) / 255) * 2 ** lowestBit(masks[i]),
      alpha,
    )
  })
  const digits = values.map((value) => value.toString(2).padStart(bits, '0')).join('')
  const bytes = digits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? []
  const row = Buffer.from(bytes)
  return bits === 16 ? row.swap16() : bits === 32 ? row.swap32() : row
}

/** A row in RLE8 or RLE4, with runs of one colour and runs of several. */
function encodeRow(indices: number[], bits: number): number[] {
  const pack = (run: number[]): number[] =>
    bits === 8 ? run : run.flatMap((index, i) => (i % 2 === 0 ? [(index << 4) | (run[i + 1] ?? 0)] : []))
  const encoded: number[] = []
  for (let x = 0; x < indices.length; ) {
    const same = indices.slice(x, x + 255).findIndex((index) => index !== indices[x])
    const length = same === -1 ? Math.min(255, indices.length - x) : same
    const several = indices.slice(x, x + 7)
    if (length > 2 || several.length < 3) {
      encoded.push(length, bits === 8 ? indices[x] : indices[x] * 17)
      x += length
    } else {
      const bytes = pack(several)
      encoded.push(0, several.length, ...bytes, ...(bytes.length % 2 ? [0] : []))
      x += several.length
    }
  }
  return [...encoded, 0, 0]
}

function headers(image: RgbImage, options: BmpOptions, paletteBytes: number): Buffer {
  const { bits, header = 40, masks, gap = 0 } = options
  const masksBehind = masks && header === 40 ? 12 : 0
  const head = Buffer.alloc(14 + header + masksBehind)
  head.write('BM')
  head.writeUInt32LE(head.length + paletteBytes + gap, 10)
  head.writeUInt32LE(header, 14)
  if (header === 12) {
    head.writeUInt16LE(image.width, 18)
    head.writeUInt16LE(image.height, 20)
    head.writeUInt16LE(1, 22)
    head.writeUInt16LE(bits, 24)
    return head
  }
  head.writeInt32LE(image.width, 18)
  head.writeInt32LE(options.topDown ? -image.height : image.height, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(bits, 28)
  if (header === 16) return head
  head.writeUInt32LE(options.runLength ? (bits === 8 ? 1 : 2) : masks ? 3 : 0, 30)
  if (bits <= 8 && !options.coloursUnsaid) head.writeUInt32LE(2 ** bits, 46)
  masks?.slice(0, header >= 56 ? 4 : 3).forEach((mask, i) => {
    head.writeUInt32LE(mask, 54 + i * 4)
  })
  return head
}

/** A BMP file of the image, as a program that writes this kind would make it. */
export function makeBmp(image: RgbImage, options: BmpOptions): Buffer {
  const colours = [...pixelsOf(image)]
  const rows = Array.from({ length: image.height }, (_, y) => colours.slice(y * image.width, (y + 1) * image.width))
  if (!options.topDown) rows.reverse()
  const palette = (options.bits <= 8 ? paletteOf(options.bits) : []).flatMap(([red, green, blue]) =>
    options.header === 12 ? [blue, green, red] : [blue, green, red, 0],
  )
  const stored = rows.map((row) => {
    if (options.runLength) {
      const indices = row.map((colour) => indexOf(colour, options.bits))
      return Buffer.from(encodeRow(indices, options.bits))
    }
    const packed = packRow(row, options)
    return Buffer.concat([packed, Buffer.alloc((4 - (packed.length % 4)) % 4)])
  })
  return Buffer.concat([
    headers(image, options, palette.length),
    Buffer.from(palette),
    Buffer.alloc(options.gap ?? 0, 0xaa),
    ...stored,
    Buffer.from(options.runLength ? [0, 1] : []),
  ])
}
