import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { formatOf, HEAD_BYTES } from '../image/format.js'

/**
 * Streams a photo to a new file that only its owner can read. What it is shows in its first bytes, before anything is written.
 * @throws FaceError `empty_file` or `unsupported_image_format`; the file, if it was made, is left to the caller's cleaning
 */
export async function savePhoto(source: Readable, path: string): Promise<void> {
  await pipeline(source, onlyImages, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
}

async function* onlyImages(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0)
  let known = false
  for await (const chunk of source) {
    if (known) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < HEAD_BYTES) continue
    await formatOf(head)
    known = true
    yield head
  }
  if (known) return
  await formatOf(head)
  yield head
}
