import { close, closeSync, open, openSync, writeFile, writeFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { formatOf, HEAD_BYTES } from '../image/format.js'
import { emptyFile } from '../image/image-errors.js'
import { onDisk } from '../temp/on-disk.js'

/** Least size of what is written at once, but for the beginning and the end: every write is a call of the system. */
const PIECE_BYTES = 2 ** 16

/**
 * Streams a photo to a new file that only its owner can read. What it is shows in its first bytes, before anything is written.
 * @throws FaceError `empty_file` or `unsupported_image_format`; the file, if it was made, is left to the caller's cleaning
 */
export async function savePhoto(source: Readable, path: string): Promise<void> {
  let file: number | undefined
  try {
    for await (const piece of piecesOf(source)) {
      if (file === undefined) {
        await formatOf(piece)
        file = await create(path)
      }
      await append(file, piece)
    }
  } finally {
    if (file !== undefined) await end(file)
  }
  if (file === undefined) throw emptyFile()
}

/** @returns the descriptor of a file that was not there before */
function create(path: string): Promise<number> {
  return onDisk(
    () => openSync(path, 'wx', 0o600),
    () => promisify(open)(path, 'wx', 0o600),
  )
}

function append(file: number, piece: Buffer): Promise<void> {
  return onDisk(
    () => writeFileSync(file, piece),
    () => promisify(writeFile)(file, piece),
  )
}

function end(file: number): Promise<void> {
  return onDisk(
    () => closeSync(file),
    () => promisify(close)(file),
  )
}

/** What arrives in larger pieces; the first is long enough to tell its format. */
async function* piecesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let bytes = 0
  let least = HEAD_BYTES
  for await (const chunk of source) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < least) continue
    yield Buffer.concat(chunks, bytes)
    chunks = []
    bytes = 0
    least = PIECE_BYTES
  }
  if (bytes > 0) yield Buffer.concat(chunks, bytes)
}
