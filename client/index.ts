/**
 * A client for a running service, for browsers and Node: it needs `fetch` and nothing else. What it takes and gives has the
 * types of the service's own schemas.
 */
import type { Comparison, Faces } from '../schemas/compare.js'
import type { ProblemDetails } from '../schemas/problem.js'
import { FacemetricError, NoReplyError } from './errors.js'
import { pause } from './pause.js'

export type { Comparison, FaceReport, Faces, LiveResult, PhotoReport, Point } from '../schemas/compare.js'
export type { ProblemCode, ProblemDetails } from '../schemas/problem.js'
export { FacemetricError, NoReplyError }

/**
 * A photo as a file of JPEG, PNG, BMP, GIF, WebP, AVIF or TIFF: from an input, a canvas, or the bytes of a file, as a buffer or
 * any view of one, such as Uint8Array.
 */
export type Photo = Blob | ArrayBuffer | ArrayBufferView

export interface ClientOptions {
  /** Where the service is, such as `http://localhost:5000`, with the prefix if it has one. */
  url: string | URL
  /** Sent as `Authorization: Bearer`. */
  apiKey?: string
  /** How often a request is sent again that the service had no room for (503, 429). Default: 3. */
  retries?: number
  /** Seconds for a comparison, retries and pauses included. Default: 60. */
  timeout?: number
}

export interface CompareOptions {
  /** Largest distance that counts as the same person, above 0 and below 2. Default: that of the service. */
  threshold?: number
  /** What to do with more than one face in a photo. Default: `largest`. */
  faces?: Faces
  /** Gives up when aborted: the promise rejects with the signal's reason. */
  signal?: AbortSignal
}

const DEFAULT_RETRIES = 3
const DEFAULT_TIMEOUT = 60

/** The statuses with which the service asks to come back, and after how many seconds where it does not say. */
const COME_BACK = [429, 503]
const DEFAULT_PAUSE = 1

export class FacemetricClient {
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #retries: number
  readonly #timeout: number

  /** @throws TypeError when `url` is none that can be asked */
  constructor({ url, apiKey, retries = DEFAULT_RETRIES, timeout = DEFAULT_TIMEOUT }: ClientOptions) {
    this.#url = addressOf(url)
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    this.#retries = retries
    this.#timeout = timeout
  }

  /**
   * Whether two photos show the same person. When the service is busy, it is asked again after the time it names, as often
   * as `retries` says and as long as `timeout` allows.
   * @param live one photo, or a few frames: then the reply has `results`
   * @throws TypeError when something else is given for a photo
   * @throws FacemetricError when the service refuses, with the problem it names
   * @throws NoReplyError when it cannot be reached, or what answers is not the service
   * @throws DOMException `TimeoutError` after `timeout` seconds, or whatever `signal` was aborted with
   */
  async compare(reference: Photo, live: Photo | readonly Photo[], options: CompareOptions = {}): Promise<Comparison> {
    const form = formOf(reference, live, options)
    const deadline = Date.now() + this.#timeout * 1000
    const timeout = AbortSignal.timeout(this.#timeout * 1000)
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
    for (let retry = 0; ; retry++) {
      const reply = await this.#send(form, signal)
      if (!(reply instanceof FacemetricError)) return reply
      const { retryAfter } = reply
      const isWorthIt = retryAfter !== undefined && Date.now() + retryAfter * 1000 < deadline
      if (retry >= this.#retries || !isWorthIt) throw reply
      await pause(retryAfter * 1000, signal)
    }
  }

  async #send(body: FormData, signal: AbortSignal): Promise<Comparison | FacemetricError> {
    const { response, text } = await this.#fetch(body, signal)
    const reply = parse(text)
    if (response.ok && isComparison(reply)) return reply
    if (isProblem(reply)) return new FacemetricError(reply, retryAfter(response))
    const answer = `${response.status} ${response.statusText}`.trimEnd()
    throw new NoReplyError(`${this.#url} answered ${answer}, and not as Facemetric does`)
  }

  async #fetch(body: FormData, signal: AbortSignal): Promise<{ response: Response; text: string }> {
    // Photos and key go where they were meant to go, and nowhere else.
    const init: RequestInit = { method: 'POST', body, headers: this.#headers, redirect: 'manual', signal }
    let response: Response
    let text: string
    try {
      response = await fetch(this.#url, init)
      text = await response.text()
    } catch (error) {
      signal.throwIfAborted()
      throw new NoReplyError(`${this.#url} cannot be reached: ${reasonOf(error)}`, { cause: error })
    }
    const elsewhere = response.headers.get('location')
    // A browser does not tell where to.
    if (elsewhere !== null || response.type === 'opaqueredirect') {
      throw new NoReplyError(`${this.#url} sends its callers to ${elsewhere ?? 'another address'}: name that one`)
    }
    return { response, text }
  }
}

function addressOf(url: string | URL): string {
  const isUrl = typeof url === 'string' || kindOf(url) === 'URL'
  const address = isUrl ? asFetched(`${String(url).replace(/\/+$/, '')}/compare`) : undefined
  if (address !== undefined && /^https?:/.test(address)) return address
  const got = isUrl ? `'${url}'` : kindOf(url)
  throw new TypeError(`url has to be one of http or https without a user, such as http://localhost:5000; got ${got}`)
}

/** A URL as fetch reads it: in a page it may be relative. */
function asFetched(url: string): string | undefined {
  try {
    return new Request(url).url
  } catch {
    return undefined
  }
}

/** The class of a value. Unlike instanceof, also of one from another window or a test runner's sandbox. */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/**
 * fetch only says that it failed; why stands in the cause, or where several addresses were tried, in that one's code. OpenSSL's
 * message is of numbers and file names; what people can read of it is its reason.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error.cause instanceof Error)) return error.message
  const { message, code, reason } = error.cause as Error & { code?: string; reason?: string }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'there is no TLS at this address; try http://'
  return reason ?? (message || code || error.message)
}

function formOf(reference: Photo, live: Photo | readonly Photo[], { threshold, faces }: CompareOptions): FormData {
  const form = new FormData()
  if (threshold !== undefined) form.append('threshold', String(threshold))
  if (faces !== undefined) form.append('faces', faces)
  form.append('reference_image', asBlob(reference, 'the reference photo'), 'reference')
  for (const photo of isList(live) ? live : [live]) form.append('live_image', asBlob(photo, 'a live photo'), 'live')
  return form
}

function isList(live: Photo | readonly Photo[]): live is readonly Photo[] {
  return Array.isArray(live)
}

/** @throws TypeError for what is no photo; sent as it is, it would only be told as an empty file, or one of no image */
function asBlob(photo: Photo, which: string): Blob {
  if (isBlob(photo)) return photo
  if (ArrayBuffer.isView(photo)) return new Blob([copyOf(photo)])
  if (kindOf(photo) === 'ArrayBuffer') return new Blob([photo])
  const accepted = 'a Blob, an ArrayBuffer or a view of one, such as Uint8Array'
  throw new TypeError(`${which} has to be ${accepted}; got ${kindOf(photo)}`)
}

/** A Blob takes no view of memory that is shared. */
function copyOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength).slice()
}

function isBlob(photo: Photo): photo is Blob {
  return ['Blob', 'File'].includes(kindOf(photo))
}

/** Seconds after which the service wants to be asked again, if it does. */
function retryAfter({ status, headers }: Response): number | undefined {
  if (!COME_BACK.includes(status)) return undefined
  const seconds = Number(headers.get('retry-after') ?? DEFAULT_PAUSE)
  return seconds >= 0 ? seconds : DEFAULT_PAUSE
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isComparison(reply: unknown): reply is Comparison {
  return typeof reply === 'object' && reply !== null && 'identical' in reply && 'distance' in reply
}

function isProblem(reply: unknown): reply is ProblemDetails {
  return typeof reply === 'object' && reply !== null && 'code' in reply && 'detail' in reply
}
