/** `data:image/jpeg;name=me.jpg;base64,` and the like; what the type says does not matter. */
const DATA_URL = /^data:[^,]*,/i
const BASE64_DATA_URL = /^data:[^,]*;base64,$/i
/** Longer than any media type with its parameters. */
const MAX_DATA_URL_HEAD = 256
const DATA_SCHEME = 'data:'

/**
 * Decodes base64 that arrives in pieces, as it is or as a data URL. Either alphabet is accepted (`+/` or `-_`; RFC 4648,
 * sections 4 and 5), white space between, and the `=` at the end may be left out: encoders differ in these, and none of it
 * is ambiguous.
 */
export class Base64Photo {
  /** The beginning, until it is clear whether it is a data URL's; then undefined. */
  #head: string | undefined = ''
  /** Up to three characters that make no whole bytes yet. */
  #rest = ''
  #padding = ''

  /** @throws TypeError that completes "It cannot be decoded: ..." */
  decode(text: string): Buffer {
    if (this.#head === undefined) return this.#decode(text)
    this.#head += text
    const withoutHead = this.#withoutHead(this.#head)
    if (withoutHead === undefined) return Buffer.alloc(0)
    this.#head = undefined
    return this.#decode(withoutHead)
  }

  /** What is left at the end. @throws TypeError as `decode` */
  end(): Buffer {
    // Too short for a data URL, or one whose head never ended.
    const last = this.#head === undefined ? Buffer.alloc(0) : this.#decode(this.#head)
    const length = this.#rest.length
    if (length === 1 || (this.#padding !== '' && (length + this.#padding.length) % 4 !== 0)) {
      throw new TypeError('it breaks off')
    }
    return Buffer.concat([last, Buffer.from(this.#rest, 'base64')])
  }

  /** The text after the head of a data URL, all of it where it is none, undefined where more is needed to tell. */
  #withoutHead(text: string): string | undefined {
    const begin = text.slice(0, DATA_SCHEME.length).toLowerCase()
    if (!DATA_SCHEME.startsWith(begin)) return text
    const [head] = DATA_URL.exec(text.slice(0, MAX_DATA_URL_HEAD)) ?? []
    if (head === undefined && text.length < MAX_DATA_URL_HEAD) return undefined
    if (head === undefined || !BASE64_DATA_URL.test(head)) throw new TypeError('a data URL must be one with ;base64,')
    return text.slice(head.length)
  }

  #decode(text: string): Buffer {
    const [data, padding] = splitPadding(this.#rest + text.replace(/[\t\n\r ]+/g, ''))
    if (this.#padding !== '' && data.length > this.#rest.length)
      throw new TypeError('something follows the = at its end')
    this.#padding += padding
    if (this.#padding.length > 2 || !/^=*$/.test(padding)) throw new TypeError('something follows the = at its end')
    if (!/^[\w+/-]*$/.test(data)) throw new TypeError('it has characters that are not base64')
    const whole = data.length - (data.length % 4)
    this.#rest = data.slice(whole)
    return Buffer.from(data.slice(0, whole), 'base64')
  }
}

function splitPadding(text: string): [data: string, padding: string] {
  const end = text.indexOf('=')
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end)]
}
