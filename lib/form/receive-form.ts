import { type Readable, Writable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { Problem } from '../problem.js'
import { FormContents } from './form-contents.js'
import {
  type Form,
  type FormOptions,
  fileTooLarge,
  MAX_FILES,
  MAX_OVERHEAD_BYTES,
  MAX_PARTS,
  MAX_VALUE_BYTES,
  maxPhotoBytes,
  tooManyFields,
} from './form-options.js'
import { pour } from './pour.js'

const MAX_HEADER_BYTES = 8 * 1024

/** Most bytes a multipart form may have. */
export function maxFormBytes(options: Pick<FormOptions, 'maxFileBytes'>): number {
  return maxPhotoBytes(options) + MAX_OVERHEAD_BYTES
}

/**
 * Reads a multipart form. Nothing but the beginning of a photo is ever held in memory. As soon as something is wrong the
 * promise rejects, with no write under way any more; the rest of `body` is then left unread.
 *
 * @param contentType the header's value, with the boundary
 * @throws Problem when the form is malformed, has a field too often, is too large, or breaks off because the client left
 * @throws FaceError when a file is empty or not an image, with its field
 */
export async function receiveForm(body: Readable, contentType: string, options: FormOptions): Promise<Form> {
  const form = new FormReader(options)
  try {
    return await form.read(body, contentType)
  } finally {
    await form.contents.settled()
  }
}

class FormReader {
  readonly contents: FormContents
  readonly #options: FormOptions
  readonly #abandon = new AbortController()
  readonly #files = new Set<BusboyFileStream>()

  constructor(options: FormOptions) {
    this.#options = options
    this.contents = new FormContents(options, (error) => this.#fail(error))
  }

  async read(body: Readable, contentType: string): Promise<Form> {
    const parser = this.#parser(contentType)
    this.#abandon.signal.addEventListener('abort', () => {
      for (const file of this.#files) file.destroy()
    })
    await pour(body, inPieces(parser), maxFormBytes(this.#options), this.#abandon)
    return this.contents.saved()
  }

  #fail(error: unknown): void {
    this.#abandon.abort(error)
  }

  #parser(contentType: string): BusboyInstance {
    try {
      return new Busboy({
        headers: { 'content-type': contentType },
        limits: {
          fileSize: this.#options.maxFileBytes,
          files: MAX_FILES,
          parts: MAX_PARTS,
          fieldSize: MAX_VALUE_BYTES,
          headerSize: MAX_HEADER_BYTES,
        },
      })
        .on('file', (name, file, filename) => this.#onFile(name, file, filename))
        .on('field', (name, value, _nameCut, valueCut) => this.#onText(name, value, valueCut))
        .on('partsLimit', () => this.#fail(tooManyFields(MAX_PARTS)))
        .on('filesLimit', () => this.#fail(new Problem('too_many_parts', `The form has more than ${MAX_FILES} files.`)))
        .on('error', (error) => this.#fail(malformed(error)))
    } catch (error) {
      throw malformed(error)
    }
  }

  #onText(name: string, value: string, isCut: boolean): void {
    const photo = this.contents.photoField(name)
    if (photo) {
      const detail = `${photo} must be a file: send it as a part with a file name.`
      this.#fail(new Problem('file_expected', detail, { field: photo }))
      return
    }
    this.#orFail(() => {
      this.contents.setText(name, value)
      if (isCut && this.#options.texts.includes(name)) throw tooLong(name)
    })
  }

  #onFile(name: string, file: BusboyFileStream, filename?: string): void {
    const photo = this.contents.photoField(name)
    this.#files.add(file)
    // An error of the form itself is reported by the parser; without a listener it would end the process.
    file.on('error', () => {})
    file.on('limit', () => this.#fail(fileTooLarge(this.#options.maxFileBytes, photo)))
    if (this.#abandon.signal.aborted) file.resume()
    // Without a name is how a browser sends a file field that was left empty.
    else if (photo) this.#orFail(() => this.contents.addPhoto(photo, file, !filename))
    else if (this.#options.texts.includes(name)) this.#fail(textExpected(name))
    else file.resume()
  }

  #orFail(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#fail(error)
    }
  }
}

/** Smaller than what busboy's streams hold at most (16 KB). */
const PIECE_BYTES = 2 ** 14 - 1

/**
 * Writes to a parser in small pieces, one after another. Where one write holds the end of a part that is read past, and more of the
 * part than a stream holds, busboy waits for a part that has ended already, for ever.
 */
function inPieces(parser: BusboyInstance): Writable {
  let finished = false
  parser.once('finish', () => {
    finished = true
  })
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const writeFrom = (from: number) => {
        if (from >= chunk.length) return done()
        parser.write(chunk.subarray(from, from + PIECE_BYTES), () => writeFrom(from + PIECE_BYTES))
      }
      writeFrom(0)
    },
    final(done) {
      parser.end()
      if (finished) done()
      else parser.once('finish', () => done())
    },
  })
}

function textExpected(field: string): Problem {
  return new Problem('malformed_form', `${field} must be text: send it as a part without a file name.`, { field })
}

export function tooLong(field: string): Problem {
  return new Problem('malformed_form', `${field} is too long.`, { field })
}

function malformed(error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error)
  return new Problem('malformed_form', `The form cannot be read: ${reason}.`, { cause: error })
}
