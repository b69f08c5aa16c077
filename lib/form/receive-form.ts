import path from 'node:path'
import { finished, type Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { FaceError, type PhotoField } from '../errors.js'
import { Problem } from '../problem.js'
import { savePhoto } from './save-photo.js'

/** What a form may hold besides what it is read for, so that clients can send along what they like. */
const MAX_FILES = 10
const MAX_PARTS = 50
/** Longer values are cut: no field that is read has a longer one. */
const MAX_VALUE_BYTES = 1024
const MAX_HEADER_BYTES = 8 * 1024
/** For the text fields and headers of a form. */
const MAX_OVERHEAD_BYTES = 2 ** 20

export interface FormOptions {
  /** Fields that are photos: each is streamed to a file of that name. */
  readonly photos: readonly PhotoField[]
  /** Fields that are text; all others are read past. */
  readonly texts: readonly string[]
  /** Most bytes of one file. */
  readonly maxFileBytes: number
  /** An empty folder for the photos; asked for when the first one arrives. */
  folder(): Promise<string>
}

/** Most bytes a form may have. */
export function maxFormBytes({ photos, maxFileBytes }: Pick<FormOptions, 'photos' | 'maxFileBytes'>): number {
  return photos.length * maxFileBytes + MAX_OVERHEAD_BYTES
}

export function formTooLarge(maxBytes: number): Problem {
  return new Problem('form_too_large', `The form has more than the ${maxBytes} bytes that are accepted.`)
}

/**
 * Reads a multipart form: gives the value of each text field and the path of each photo by field name.
 * Nothing but the beginning of a photo is ever held in memory. As soon as something is wrong the promise rejects, with no
 * write under way any more; the rest of `body` is then left unread.
 *
 * @param contentType the header's value, with the boundary
 * @throws Problem when the form is malformed, has a field twice, is too large, or breaks off because the client left
 * @throws FaceError when a file is empty or not an image, with its field
 */
export async function receiveForm(
  body: Readable,
  contentType: string,
  options: FormOptions,
): Promise<Record<string, string>> {
  const form = new FormReader(options)
  try {
    return await form.read(body, contentType)
  } finally {
    await form.settled()
  }
}

class FormReader {
  readonly #options: FormOptions
  readonly #values = new Map<string, string>()
  readonly #files = new Set<BusboyFileStream>()
  readonly #writes: Promise<void>[] = []
  #fail: (error: unknown) => void = () => {}
  #failed = false

  constructor(options: FormOptions) {
    this.#options = options
  }

  async read(body: Readable, contentType: string): Promise<Record<string, string>> {
    const parser = this.#parser(contentType)
    await new Promise<void>((resolve, reject) => {
      this.#fail = (error) => {
        if (this.#failed) return
        this.#failed = true
        body.unpipe(parser)
        for (const file of this.#files) file.destroy()
        reject(error)
      }
      parser.on('finish', resolve)
      this.#watchSize(body)
      finished(body, { writable: false }, (error) => {
        if (error) this.#fail(new Problem('client_closed_request', undefined, { cause: error }))
      })
      body.pipe(parser)
    })
    await Promise.all(this.#writes)
    return Object.fromEntries(this.#values)
  }

  /** Resolves when nothing is written any more, whether it went well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes)
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
        .on('partsLimit', () => this.#fail(new Problem('too_many_parts', `The form has more than ${MAX_PARTS} parts.`)))
        .on('filesLimit', () => this.#fail(new Problem('too_many_parts', `The form has more than ${MAX_FILES} files.`)))
        .on('error', (error) => this.#fail(malformed(error)))
    } catch (error) {
      throw malformed(error)
    }
  }

  #watchSize(body: Readable): void {
    const maxBytes = maxFormBytes(this.#options)
    let bytes = 0
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) this.#fail(formTooLarge(maxBytes))
    })
  }

  #onText(name: string, value: string, isCut: boolean): void {
    const photo = this.#photo(name)
    if (photo) {
      const detail = `${photo} must be a file: send it as a part with a file name.`
      this.#fail(new Problem('file_expected', detail, { field: photo }))
    } else if (this.#options.texts.includes(name) && this.#isFirst(name)) {
      if (isCut) this.#fail(new Problem('malformed_form', `${name} is too long.`, { field: name }))
      this.#values.set(name, value)
    }
  }

  #onFile(name: string, file: BusboyFileStream, filename?: string): void {
    const photo = this.#photo(name)
    this.#files.add(file)
    // An error of the form itself is reported by the parser; without a listener it would end the process.
    file.on('error', () => {})
    file.on('limit', () => this.#fail(fileTooLarge(this.#options.maxFileBytes, photo)))
    if (this.#failed || !photo) {
      file.resume()
    } else if (this.#isFirst(photo)) {
      this.#values.set(photo, '')
      const write = this.#save(photo, file, filename)
      write.catch((error) => this.#fail(error))
      this.#writes.push(write)
    }
  }

  async #save(photo: PhotoField, file: BusboyFileStream, filename?: string): Promise<void> {
    try {
      const target = path.join(await this.#options.folder(), photo)
      await savePhoto(file, target)
      this.#values.set(photo, target)
    } catch (error) {
      if (!(error instanceof FaceError)) throw error
      // This is how a browser sends a file field that was left empty.
      if (error.code === 'empty_file' && !filename) this.#values.delete(photo)
      else throw new FaceError(error.code, error.message, photo)
    }
  }

  #photo(name: string): PhotoField | undefined {
    return this.#options.photos.find((photo) => photo === name)
  }

  #isFirst(field: string): boolean {
    if (!this.#values.has(field)) return true
    this.#fail(new Problem('duplicate_field', `${field} was sent more than once.`, { field }))
    return false
  }
}

function fileTooLarge(maxBytes: number, field?: PhotoField): Problem {
  return new Problem('file_too_large', `The file has more than the ${maxBytes} bytes that are accepted.`, { field })
}

function malformed(error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error)
  return new Problem('malformed_form', `The form cannot be read: ${reason}.`, { cause: error })
}
