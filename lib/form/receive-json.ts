import { once } from 'node:events'
import { PassThrough, type Readable, Writable } from 'node:stream'
import type { PhotoField } from '../errors.js'
import { Problem } from '../problem.js'
import { Base64Photo } from './base64-photo.js'
import { duplicate, FormContents } from './form-contents.js'
import {
  type Form,
  type FormOptions,
  fileTooLarge,
  formTooLarge,
  MAX_OVERHEAD_BYTES,
  MAX_PARTS,
  MAX_VALUE_BYTES,
  maxPhotoBytes,
  tooManyFields,
} from './form-options.js'
import { type JsonToken, JsonTokens, malformedJson } from './json-tokens.js'
import { pour } from './pour.js'
import { tooLong } from './receive-form.js'

/** Characters of base64 for a byte. */
const BASE64 = 4 / 3
/** What line breaks and escapes (PHP writes `\/`) may add to base64. */
const PADDING = 1 / 8

/** Most bytes a form in JSON may have. */
export function maxJsonBytes(options: Pick<FormOptions, 'maxFileBytes'>): number {
  return Math.ceil(maxPhotoBytes(options) * BASE64 * (1 + PADDING)) + MAX_OVERHEAD_BYTES
}

/**
 * Reads a form written as a JSON object, with photos in base64 or as data URLs. As with `receiveForm`, nothing but the
 * beginning of a photo is ever held in memory, and when the promise rejects no write is under way any more.
 *
 * @throws Problem when it is no such object, has a field too often, is too large, or breaks off because the client left
 * @throws FaceError when a file is empty or not an image, with its field
 */
export async function receiveJson(body: Readable, options: FormOptions): Promise<Form> {
  const reader = new JsonReader(options)
  const sink = new Writable({
    write: (chunk, _encoding, done) => void reader.read(chunk).then(() => done(), done),
    final(done) {
      reader.end()
      done()
    },
  })
  try {
    await pour(body, sink, maxJsonBytes(options), reader.abandon)
    return await reader.contents.saved()
  } finally {
    await reader.contents.settled()
  }
}

/** Where the pieces of the string at hand go. */
interface StringSink {
  write(text: string): Promise<void> | void
  end(): Promise<void> | void
}

class JsonReader {
  readonly abandon = new AbortController()
  readonly contents: FormContents
  readonly #options: FormOptions
  readonly #tokens = new JsonTokens()
  #depth = 0
  /** Keys of the outermost object so far. */
  #keys = 0
  readonly #known = new Set<string>()
  /** The key whose value is at hand. */
  #field = ''
  /** Whether that value is a list of photos. */
  #inList = false
  #string?: StringSink
  #bytes = 0
  #photoCharacters = 0

  constructor(options: FormOptions) {
    this.#options = options
    this.contents = new FormContents(options, (error) => this.abandon.abort(error))
  }

  async read(bytes: Buffer): Promise<void> {
    this.#bytes += bytes.length
    for (const token of this.#tokens.read(bytes)) {
      this.abandon.signal.throwIfAborted()
      await this.#take(token)
    }
    const others = this.#bytes - this.#photoCharacters
    if (others > MAX_OVERHEAD_BYTES + PADDING * this.#photoCharacters)
      throw formTooLarge(MAX_OVERHEAD_BYTES, ' beside its photos')
  }

  /** @throws Problem when the JSON breaks off */
  end(): void {
    this.#tokens.end()
  }

  #take(token: JsonToken): Promise<void> | void {
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        return this.#begin(token.name === 'startArray')
      case 'endObject':
      case 'endArray':
        this.#depth--
        if (this.#depth === 1) this.#inList = false
        return
      case 'keyValue':
        if (this.#depth === 1) this.#startField(token.value)
        return
      case 'startString':
        this.#string = this.#openString()
        return
      case 'stringChunk':
        return this.#string?.write(token.value)
      case 'endString':
        return this.#string?.end()
      case 'numberValue':
        return this.#setValue(Number(token.value))
      case 'trueValue':
      case 'falseValue':
      case 'nullValue':
        return this.#setValue(token.value)
    }
  }

  #startField(name: string): void {
    if (++this.#keys > MAX_PARTS) throw tooManyFields(MAX_PARTS)
    this.#field = name
    if (this.#photo === undefined && !this.#options.texts.includes(name)) return
    if (this.#known.has(name)) throw duplicate(name)
    this.#known.add(name)
  }

  /** An object or a list begins. */
  #begin(isList: boolean): void {
    if (this.#depth === 0 && isList) throw notAnObject()
    if (this.#depth === 1) {
      this.#inList = this.#photo !== undefined && isList && this.contents.isList(this.#photo)
      if (!this.#inList) this.#setValue({})
    } else if (this.#inList) this.#setValue({})
    this.#depth++
  }

  /** A value that is no text. Null is as if the field had been left out. */
  #setValue(value: unknown): void {
    if (this.#depth === 0) throw notAnObject()
    if (this.#depth === 1 && value === null) return
    const isOwn = this.#depth === 1 || this.#inList
    if (!isOwn) return
    if (this.#photo !== undefined) throw photoExpected(this.#photo)
    this.contents.setText(this.#field, value)
  }

  #openString(): StringSink | undefined {
    if (this.#depth === 0) throw notAnObject()
    if (this.#depth > 1 && !this.#inList) return undefined
    if (this.#photo !== undefined) return this.#openPhoto(this.#photo)
    return this.#options.texts.includes(this.#field) ? this.#openText(this.#field) : undefined
  }

  #openText(field: string): StringSink {
    let value = ''
    return {
      write: (text) => {
        value += text
        if (value.length > MAX_VALUE_BYTES) throw tooLong(field)
      },
      end: () => this.contents.setText(field, value),
    }
  }

  #openPhoto(field: PhotoField): StringSink {
    const { signal } = this.abandon
    const { maxFileBytes } = this.#options
    const base64 = new Base64Photo()
    const bytes = new PassThrough()
    bytes.on('error', () => {}) // Whoever saves it tells.
    signal.addEventListener('abort', () => bytes.destroy())
    this.contents.addPhoto(field, bytes)
    let size = 0
    const push = async (decode: () => Buffer) => {
      const piece = orProblem(field, decode)
      size += piece.length
      if (size > maxFileBytes) throw fileTooLarge(maxFileBytes, field)
      if (piece.length > 0 && !bytes.write(piece)) await once(bytes, 'drain', { signal })
    }
    return {
      write: (text) => {
        this.#photoCharacters += text.length
        return push(() => base64.decode(text))
      },
      end: async () => {
        await push(() => base64.end())
        bytes.end()
      },
    }
  }

  /** The photo field whose value is at hand. */
  get #photo(): PhotoField | undefined {
    return this.contents.photoField(this.#field)
  }
}

function orProblem(field: PhotoField, decode: () => Buffer): Buffer {
  try {
    return decode()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem('invalid_base64', `${field} cannot be decoded: ${reason}.`, { field })
  }
}

function notAnObject(): Problem {
  return malformedJson('an object is expected')
}

function photoExpected(field: PhotoField): Problem {
  return new Problem('file_expected', `${field} must be text: the photo in base64, or as a data URL.`, { field })
}
