import type { Readable } from 'node:stream'
import { formatOf, HEAD_BYTES } from '../image/format.js'
import type { TempFile } from '../temp/temp-files.js'

/** Least size of what is written at once, but for the end: a photo that is smaller is written in one step. */
const PIECE_BYTES = 2 ** 16

/**
 * Streams a photo to a file. What it is shows in its first bytes, before anything is written.
 * @throws FaceError `empty_file` or `unsupported_image_format`; the file, if it was made, is left to the caller's cleaning
 */
export async function savePhoto(source: Readable, file: TempFile): Promise<void> {
  let chunks: Buffer[] = []
  let bytes = 0
  let isKnown = false
  const write = () => {
    const piece = joined(chunks)
    chunks = []
    bytes = 0
    return file.append(piece)
  }
  for await (const chunk of source as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (!isKnown && bytes >= HEAD_BYTES) {
      await formatOf(joined(chunks))
      isKnown = true
    }
    if (bytes >= PIECE_BYTES) await write()
  }
  if (!isKnown) await formatOf(joined(chunks))
  if (bytes > 0) await write()
}

function joined(chunks: Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
}
