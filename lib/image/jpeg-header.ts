import { type JpegSegment, SEGMENT, segmentsOf } from './jpeg-segments.js'

export interface JpegHeader {
  readonly width: number
  readonly height: number
  /** Luma, and the two differences of colour. */
  readonly components: readonly JpegComponent[]
  /** Units of the picture from one restart to the next; 0 for none. */
  readonly interval: number
  /** Where in the file the picture itself begins. */
  readonly data: number
}

/** How many blocks of 8 x 8 a component has in a unit of the picture, and how they are coded. */
export interface JpegComponent {
  readonly across: number
  readonly down: number
  /** 64, in the order in which coefficients come. */
  readonly quantisers: Uint16Array
  readonly dc: HuffmanCodes
  readonly ac: HuffmanCodes
}

export interface HuffmanCodes {
  /** How many codes there are of 1 to 16 bits. */
  readonly counts: Uint8Array
  /** What they stand for. */
  readonly symbols: Uint8Array
}

/** What a frame tells of a component: its blocks, and which table of quantisers. */
type Sampling = Pick<JpegComponent, 'across' | 'down'> & { readonly table: number }

const COMPONENTS = 3
/** Blocks of luma, across and down, for one of each other component. */
const SAMPLINGS = ['1x1', '2x1', '2x2']
const COEFFICIENTS = 64
const LENGTHS = 16
const MOST_SYMBOLS = 256
/** Tables of codes for all but the first coefficients have numbers from here on; the others have smaller symbols. */
const AC = 16
const MOST_BITS_OF_FIRST = 15

/**
 * The header of a JPEG of the most ordinary kind: baseline, YCbCr, one scan, and nothing that could change how it is shown.
 * @param content all of the file
 * @returns undefined for every other file, sound or not
 */
export function readJpegHeader(content: Buffer): JpegHeader | undefined {
  const reader = new HeaderReader()
  for (const segment of segmentsOf(content)) {
    if (segment.marker === SEGMENT.startOfScan) return reader.header(segment)
    if (!reader.take(segment)) return undefined
  }
  return undefined
}

class HeaderReader {
  #size: Pick<JpegHeader, 'width' | 'height'> | undefined
  #samplings: readonly Sampling[] = []
  #interval = 0
  readonly #quantisers = new Map<number, Uint16Array>()
  readonly #codes = new Map<number, HuffmanCodes>()

  /** @returns whether it is an ordinary one */
  take({ marker, body }: JpegSegment): boolean {
    switch (marker) {
      case SEGMENT.comment:
        return true
      case SEGMENT.jfif:
        return body.toString('latin1', 0, 6) === 'JFIF\0\x01'
      case SEGMENT.restartInterval:
        this.#interval = body.length === 2 ? body.readUInt16BE(0) : 0
        return body.length === 2
      case SEGMENT.quantisers:
        return this.#takeQuantisers(body)
      case SEGMENT.huffmanCodes:
        return this.#takeCodes(body)
      case SEGMENT.baselineFrame:
        return this.#size === undefined && this.#takeFrame(body)
      default:
        return false
    }
  }

  /** @param scan the segment that begins the picture */
  header({ body, end }: JpegSegment): JpegHeader | undefined {
    // All three components, and of each all coefficients, with all their bits.
    if (this.#size === undefined || body.length !== 10 || body[0] !== COMPONENTS) return undefined
    if (body[7] !== 0 || body[8] !== COEFFICIENTS - 1 || body[9] !== 0) return undefined
    const components: JpegComponent[] = []
    for (const [i, { across, down, table }] of this.#samplings.entries()) {
      const quantisers = this.#quantisers.get(table)
      const dc = this.#codes.get(body[2 + 2 * i] >> 4)
      const ac = this.#codes.get(AC + (body[2 + 2 * i] & 15))
      if (body[1 + 2 * i] !== i + 1 || !quantisers || !dc || !ac) return undefined
      components.push({ across, down, quantisers, dc, ac })
    }
    return { ...this.#size, components, interval: this.#interval, data: end }
  }

  #takeFrame(body: Buffer): boolean {
    if (body.length !== 6 + 3 * COMPONENTS || body[0] !== 8 || body[5] !== COMPONENTS) return false
    this.#size = { height: body.readUInt16BE(1), width: body.readUInt16BE(3) }
    this.#samplings = [6, 9, 12].map((at) => ({
      across: body[at + 1] >> 4,
      down: body[at + 1] & 15,
      table: body[at + 2],
    }))
    const [luma, blueness, redness] = this.#samplings.map(({ across, down }) => `${across}x${down}`)
    // Other numbers may mean other colours.
    const isNumbered = [6, 9, 12].every((at, i) => body[at] === i + 1)
    return isNumbered && SAMPLINGS.includes(luma) && blueness === '1x1' && redness === '1x1'
  }

  #takeQuantisers(body: Buffer): boolean {
    for (let at = 0; at < body.length; at += 1 + COEFFICIENTS) {
      // Of 8 bits each.
      if (body[at] > 3 || at + 1 + COEFFICIENTS > body.length) return false
      this.#quantisers.set(body[at], new Uint16Array(body.subarray(at + 1, at + 1 + COEFFICIENTS)))
    }
    return true
  }

  #takeCodes(body: Buffer): boolean {
    for (let at = 0; at < body.length; ) {
      const counts = body.subarray(at + 1, at + 1 + LENGTHS)
      const first = at + 1 + LENGTHS
      const end = first + counts.reduce((sum, count) => sum + count, 0)
      const symbols = body.subarray(first, end)
      if ((body[at] & ~AC) > 3 || end > body.length || symbols.length > MOST_SYMBOLS) return false
      if (body[at] < AC && symbols.some((symbol) => symbol > MOST_BITS_OF_FIRST)) return false
      this.#codes.set(body[at], { counts, symbols })
      at = end
    }
    return true
  }
}
