import { open } from 'node:fs/promises'
import { damagedImage } from './image-errors.js'

/** Encoders write some ten scans, the most thorough optimisers a few dozen. */
const MOST_SCANS = 100
const PIECE_BYTES = 2 ** 20

const [STUFFING, TEM, RST0, SOI, EOI, SOS, FILL] = [0x00, 0x01, 0xd0, 0xd8, 0xd9, 0xda, 0xff]

/**
 * Refuses a JPEG of absurdly many scans. A hundred bytes of a scan make a decoder go through the whole picture once more: 180 KB
 * kept libjpeg busy for eight seconds, without a fault in the file.
 * @param source the file's path or its content
 * @throws FaceError `damaged_image`
 */
export async function checkScans(source: string | Buffer): Promise<void> {
  const counter = new ScanCounter()
  if (typeof source !== 'string') counter.read(source)
  else for await (const piece of piecesOf(source)) counter.read(piece)
  if (counter.scans > MOST_SCANS) throw damagedImage('jpeg')
}

async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Counts the scans of a JPEG that comes in pieces (ITU T.81, annex B). What a segment holds does not count, nor what follows the end. */
class ScanCounter {
  scans = 0
  /** What the next byte is: anything, a marker after 0xff, or the first or the second of a segment's length. */
  #next: 'data' | 'marker' | 'high' | 'low' | 'nothing' = 'data'
  #high = 0
  /** Bytes of a segment that are still to come. */
  #skip = 0

  read(piece: Buffer): void {
    let at = 0
    while (at < piece.length && this.#next !== 'nothing') {
      if (this.#next === 'data') {
        const start = at + this.#skip
        this.#skip = Math.max(0, start - piece.length)
        if (start >= piece.length) return
        const marker = piece.indexOf(FILL, start)
        if (marker === -1) return
        at = marker
        this.#next = 'marker'
      } else this.#take(piece[at])
      at++
    }
  }

  #take(byte: number): void {
    switch (this.#next) {
      case 'marker':
        if (byte !== FILL) this.#next = this.#afterMarker(byte)
        break
      case 'high':
        this.#high = byte
        this.#next = 'low'
        break
      case 'low':
        this.#skip = Math.max(0, 256 * this.#high + byte - 2)
        this.#next = 'data'
        break
    }
  }

  #afterMarker(marker: number): 'data' | 'high' | 'nothing' {
    if (marker === EOI) return 'nothing'
    if (marker === STUFFING || marker === TEM || (marker >= RST0 && marker <= SOI)) return 'data'
    if (marker === SOS) this.scans++
    return 'high'
  }
}
