/** Segments of a JPEG by their marker's second byte (ITU-T T.81, table B.1; JFIF 1.02; EXIF 2.32, section 4.5.4). */
export const SEGMENT = {
  /** Start of frame, of the ordinary kind: baseline. */
  baselineFrame: 0xc0,
  huffmanCodes: 0xc4,
  startOfScan: 0xda,
  quantisers: 0xdb,
  restartInterval: 0xdd,
  jfif: 0xe0,
  /** EXIF, which may tell that the picture is turned, or XMP. */
  exif: 0xe1,
  comment: 0xfe,
} as const

export interface JpegSegment {
  readonly marker: number
  /** What it holds, without its length. */
  readonly body: Buffer
  /** Where in the file it ends. */
  readonly end: number
}

const START_OF_IMAGE = 0xd8
/** Segments that stand alone, without a length: not before the picture of any sound file. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)

/**
 * The segments before the picture, up to the first that begins the picture, or is odd or cut off.
 * @param content all of the file
 */
export function* segmentsOf(content: Buffer): Generator<JpegSegment> {
  if (content[0] !== 0xff || content[1] !== START_OF_IMAGE) return
  let at = 2
  while (at + 4 <= content.length && content[at] === 0xff) {
    const marker = content[at + 1]
    const length = content.readUInt16BE(at + 2)
    const end = at + 2 + length
    if (marker === 0xff || isAlone(marker) || length < 2 || end > content.length) return
    yield { marker, body: content.subarray(at + 4, end), end }
    if (marker === SEGMENT.startOfScan) return
    at = end
  }
}
