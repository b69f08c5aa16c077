import type { Outcome, RawRequest } from './send.js'

/** A request that is wrong as such, whatever photos are in it. */
export interface BadRequest {
  readonly name: string
  readonly request: Omit<RawRequest, 'host' | 'port'>
  /** Whether it takes seconds by its nature. */
  readonly slow?: boolean
  /** What it may be answered with besides 4xx or a closed connection. */
  readonly also?: readonly Outcome[]
}

const BOUNDARY = 'boundary-of-the-form'
const JSON_TYPE = 'application/json'
const FORM = `multipart/form-data; boundary=${BOUNDARY}`

/**
 * Forms without or with a wrong boundary, with far too much in them, that break off, lie about their length, or come a
 * byte at a time.
 */
export function badRequests(portrait: Buffer): BadRequest[] {
  const good = form(part('reference_image', portrait), part('live_image', portrait))
  const body = (content: Buffer, type = FORM, length: number | string = content.length) => ({
    pieces: [head({ 'content-type': type, 'content-length': length }), content],
  })
  const requests: Record<string, Omit<RawRequest, 'host' | 'port'>> = {
    'no content type': { pieces: [head({ 'content-length': good.length }), good] },
    'a form without a boundary': body(good, 'multipart/form-data'),
    'a form with an empty boundary': body(good, 'multipart/form-data; boundary='),
    'a form with another boundary': body(good, 'multipart/form-data; boundary=another'),
    'a boundary of 10,000 letters': body(good, `multipart/form-data; boundary=${'b'.repeat(10_000)}`),
    'JSON without a photo': body(Buffer.from('{"reference_image":""}'), JSON_TYPE),
    'JSON nested a million deep': body(Buffer.from('[{"a":'.repeat(1_000_000)), JSON_TYPE),
    'JSON with a list of five million numbers': body(Buffer.from(`{"a":[${'1,'.repeat(5_000_000)}1]}`), JSON_TYPE),
    'JSON with a number of 10 MB': body(Buffer.from(`{"threshold":${'1'.repeat(10 * 2 ** 20)}}`), JSON_TYPE),
    'JSON with a key of 10 MB': body(Buffer.from(`{"${'k'.repeat(10 * 2 ** 20)}":1}`), JSON_TYPE),
    'JSON with base64 of nothing but escapes': body(
      Buffer.from(`{"reference_image":"${'\\u0041'.repeat(2_000_000)}"}`),
      JSON_TYPE,
    ),
    'JSON of 20 MB of white space': body(Buffer.alloc(20 * 2 ** 20, ' '), JSON_TYPE),
    'JSON that breaks off in a photo': {
      pieces: [
        head({ 'content-type': JSON_TYPE, 'content-length': 1_000_000 }),
        `{"reference_image":"${portrait.toString('base64')}`,
      ],
      ending: 'destroy',
    },
    'text that is called a form': body(Buffer.from('hello')),
    'an empty form': body(form()),
    'no body': body(Buffer.alloc(0)),
    'one photo only': body(form(part('reference_image', portrait))),
    'two reference photos': body(
      form(part('reference_image', portrait), part('reference_image', portrait), part('live_image', portrait)),
    ),
    'eleven live photos': body(
      form(part('reference_image', portrait), ...Array.from({ length: 11 }, () => part('live_image', portrait))),
    ),
    'empty photos': body(form(part('reference_image', Buffer.alloc(0)), part('live_image', Buffer.alloc(0)))),
    'photos as text': body(form(textPart('reference_image', 'photo'), textPart('live_image', 'photo'))),
    '1,000 parts': body(form(...Array.from({ length: 1000 }, (_, i) => part(`photo-${i}`, Buffer.from('x'))))),
    '1,000 text fields': body(form(...Array.from({ length: 1000 }, (_, i) => textPart(`field-${i}`, 'x')))),
    'a field name of 10 MB': body(form(part('n'.repeat(10 * 2 ** 20), portrait))),
    'a file name of 10 MB': body(form(part('reference_image', portrait, 'n'.repeat(10 * 2 ** 20)))),
    'a text field of 10 MB': body(form(textPart('threshold', '1'.repeat(10 * 2 ** 20)))),
    'a part with 10,000 headers': body(
      Buffer.from(`--${BOUNDARY}\r\n${'x-header: y\r\n'.repeat(10_000)}\r\nz\r\n--${BOUNDARY}--\r\n`),
    ),
    'names that lead elsewhere': body(
      form(part('../../../etc/passwd', portrait, '../../etc/passwd'), part('reference_image', portrait, '/dev/null')),
    ),
    'names that every object has': body(form(part('__proto__', portrait), part('constructor', portrait))),
    'a threshold that is no number': body(
      form(textPart('threshold', 'NaN'), part('reference_image', portrait), part('live_image', portrait)),
    ),
    'a form without its end': { ...body(good.subarray(0, -20), FORM, good.length - 20) },
    'a length that is less than the form': body(good, FORM, Math.floor(good.length / 2)),
    'a length that is more than the form': { ...body(good, FORM, good.length + 1000), ending: 'end' },
    'a length of minus one': body(good, FORM, -1),
    'a length that is no number': body(good, FORM, 'many'),
    'a length of 10 GB': body(good, FORM, 10 * 2 ** 30),
    'two lengths': {
      pieces: [head({ 'content-type': FORM, 'content-length': good.length }, 'content-length: 1'), good],
    },
    'a length and chunks': {
      pieces: [head({ 'content-type': FORM, 'content-length': good.length, 'transfer-encoding': 'chunked' }), good],
    },
    'chunks of a wrong size': {
      pieces: [head({ 'content-type': FORM, 'transfer-encoding': 'chunked' }), 'zz\r\n', good],
    },
    'a header of 1 MB': { pieces: [head({ 'x-long': 'x'.repeat(2 ** 20) })] },
    '10,000 headers': { pieces: [head({}, ...Array.from({ length: 10_000 }, (_, i) => `x-${i}: y`))] },
    'no HTTP at all': { pieces: ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.repeat(20)], ending: 'end' },
    'a form half sent': { pieces: [head(lengthOf(good)), good.subarray(0, good.length / 2)], ending: 'destroy' },
    'a form cut off within a photo': {
      pieces: [head(lengthOf(good)), good.subarray(0, good.length / 3)],
      ending: 'end',
    },
    'a request cut off within its header': {
      pieces: ['POST /compare HTTP/1.1\r\nhost: a\r\nconte'],
      ending: 'destroy',
    },
    '60 MB of one photo': body(form(part('reference_image', Buffer.concat([portrait, Buffer.alloc(60 * 2 ** 20)])))),
    '60 MB of a photo in chunks': {
      pieces: [head({ 'content-type': FORM, 'transfer-encoding': 'chunked' }), ...chunked(portrait, 60)],
    },
  }
  const slow: Record<string, Omit<RawRequest, 'host' | 'port'>> = {
    'a byte of the form a second': { pieces: [head(lengthOf(good)), ...bytesOf(good)], pause: 1000 },
    'a byte of the header a second': { pieces: bytesOf(Buffer.from(head(lengthOf(good)))), pause: 1000 },
    'a form that never goes on': { pieces: [head(lengthOf(good)), good.subarray(0, 5000)] },
    'a connection that says nothing': { pieces: [] },
  }
  return [
    ...Object.entries(requests).map(([name, request]) => ({ name, request })),
    ...Object.entries(slow).map(([name, request]) => ({ name, request, slow: true })),
  ]
}

function head(headers: Record<string, string | number>, ...more: string[]): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `${['POST /compare HTTP/1.1', 'host: localhost', ...lines, ...more].join('\r\n')}\r\n\r\n`
}

const lengthOf = (content: Buffer) => ({ 'content-type': FORM, 'content-length': content.length })

function part(name: string, content: Buffer, fileName = 'photo.jpg'): Buffer {
  const disposition = `content-disposition: form-data; name="${name}"; filename="${fileName}"`
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\ncontent-type: image/jpeg\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
}

function textPart(name: string, value: string): Buffer {
  return Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
}

function form(...parts: Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)])
}

/** A complete request with two files as photos. */
export function photoRequest(reference: Buffer, live: Buffer): Buffer {
  const content = form(part('reference_image', reference), part('live_image', live))
  return Buffer.concat([Buffer.from(head({ ...lengthOf(content), connection: 'close' })), content])
}

function* bytesOf(content: Buffer): Generator<Buffer> {
  for (let i = 0; i < content.length; i++) yield content.subarray(i, i + 1)
}

/** A form in chunks whose photo goes on for so many megabytes. */
function* chunked(portrait: Buffer, megabytes: number): Generator<Buffer | string> {
  const pieces = [part('reference_image', portrait).subarray(0, -2), ...Array(megabytes).fill(Buffer.alloc(2 ** 20))]
  for (const piece of pieces) {
    yield `${piece.length.toString(16)}\r\n`
    yield piece
    yield '\r\n'
  }
  yield '0\r\n\r\n'
}
