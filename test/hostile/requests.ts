import type { RawRequest } from './send.js'

/** What is sent, to whomever. */
export type Request = Omit<RawRequest, 'host' | 'port'>

const BOUNDARY = 'boundary-of-the-form'
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`
export const JSON_TYPE = 'application/json'

/** The head of a request to compare. */
export function head(headers: Record<string, string | number>, ...more: string[]): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `${['POST /compare HTTP/1.1', 'host: localhost', ...lines, ...more].join('\r\n')}\r\n\r\n`
}

/** A request whose head tells the truth about its body, unless told otherwise. */
export function requestOf(content: Buffer, type: string, length: number | string = content.length): Request {
  return { pieces: [head({ 'content-type': type, 'content-length': length }), content] }
}

/** A form of these parts. */
export function form(...parts: Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)])
}

/** A part that is a file. */
export function part(name: string, content: Buffer, fileName = 'photo.jpg'): Buffer {
  const disposition = `content-disposition: form-data; name="${name}"; filename="${fileName}"`
  return Buffer.concat([rawPart(`${disposition}\r\ncontent-type: image/jpeg\r\n`), content, Buffer.from('\r\n')])
}

/** A part that is text. */
export function textPart(name: string, value: string): Buffer {
  return Buffer.from(`${rawPart(`content-disposition: form-data; name="${name}"\r\n`)}${value}\r\n`)
}

/** The beginning of a part, up to its content. @param headers each with its line break */
export function rawPart(headers: string): Buffer {
  return Buffer.from(`--${BOUNDARY}\r\n${headers}\r\n`)
}

/** A complete request with files as photos, in a form. */
export function formRequest(reference: Buffer, ...lives: Buffer[]): Request {
  const content = form(part('reference_image', reference), ...lives.map((live) => part('live_image', live)))
  return closing(content, FORM_TYPE)
}

/** A complete request with files as photos, in JSON. */
export function jsonRequest(reference: Buffer, ...lives: Buffer[]): Request {
  const [first, ...others] = [reference, ...lives].map((file) => file.toString('base64'))
  const live = others.length === 1 ? others[0] : others
  return closing(Buffer.from(JSON.stringify({ reference_image: first, live_image: live })), JSON_TYPE)
}

function closing(content: Buffer, type: string): Request {
  const headers = { 'content-type': type, 'content-length': content.length, connection: 'close' }
  return { pieces: [head(headers), content] }
}
