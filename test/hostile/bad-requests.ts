import { gzipSync } from 'node:zlib'
import { badForms } from './bad-forms.js'
import { badJson, misnamedPhotos } from './bad-json.js'
import { FORM_TYPE, form, head, part, type Request, requestOf } from './requests.js'

/** A request that is wrong as such, whatever photos are in it. */
export interface BadRequest {
  readonly name: string
  readonly request: Request
  /** Whether it takes seconds by its nature. */
  readonly slow: boolean
  /** Whether it may be compared all the same. */
  readonly mayBeSound: boolean
}

/** Forms and JSON of every wrong kind, and requests that break off, lie about their length, or come a byte at a time. */
export function badRequests(portrait: Buffer): BadRequest[] {
  const good = form(part('reference_image', portrait), part('live_image', portrait))
  const kinds = [
    { requests: { ...badForms(portrait), ...badJson(portrait), ...badHttp(portrait, good) } },
    { requests: misnamedPhotos(portrait), mayBeSound: true },
    { requests: slowRequests(good), slow: true },
  ]
  return kinds.flatMap(({ requests, slow = false, mayBeSound = false }) =>
    Object.entries(requests).map(([name, request]) => ({ name, request, slow, mayBeSound })),
  )
}

function badHttp(portrait: Buffer, good: Buffer): Record<string, Request> {
  const chunks = { 'content-type': FORM_TYPE, 'transfer-encoding': 'chunked' }
  const zipped = gzipSync(Buffer.alloc(100 * 2 ** 20))
  return {
    'no content type': { pieces: [head({ 'content-length': good.length }), good] },
    'a length that is less than the form': requestOf(good, FORM_TYPE, Math.floor(good.length / 2)),
    'a length that is more than the form': { ...requestOf(good, FORM_TYPE, good.length + 1000), ending: 'end' },
    'a length of minus one': requestOf(good, FORM_TYPE, -1),
    'a length that is no number': requestOf(good, FORM_TYPE, 'many'),
    'a length of 10 GB': requestOf(good, FORM_TYPE, 10 * 2 ** 30),
    'two lengths': { pieces: [head(honest(good), 'content-length: 1'), good] },
    'a length and chunks': { pieces: [head({ ...honest(good), 'transfer-encoding': 'chunked' }), good] },
    'chunks of a wrong size': { pieces: [head(chunks), 'zz\r\n', good] },
    'a chunk that says 16 exabytes': { pieces: [head(chunks), 'ffffffffffffffff\r\n', good], ending: 'end' },
    'a chunk with 1 MB of extensions': { pieces: [head(chunks), `1;${'x=y;'.repeat(2 ** 18)}\r\na\r\n`] },
    '100,000 chunks of a byte': { pieces: [head(chunks), '1\r\n-\r\n'.repeat(100_000), '0\r\n\r\n'] },
    '100 MB in 100 KB, compressed': { pieces: [head({ ...honest(zipped), 'content-encoding': 'gzip' }), zipped] },
    'a header of 1 MB': { pieces: [head({ 'x-long': 'x'.repeat(2 ** 20) })] },
    '10,000 headers': { pieces: [head({}, ...Array.from({ length: 10_000 }, (_, i) => `x-${i}: y`))] },
    'a header with a zero byte': { pieces: [head({ 'x-zero': 'a\0b', ...honest(good) }), good] },
    '1,000 requests at once': { pieces: [head({ 'content-type': FORM_TYPE, 'content-length': 0 }).repeat(1000)] },
    'no HTTP at all': { pieces: ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.repeat(20)], ending: 'end' },
    'a form half sent': { pieces: [head(honest(good)), good.subarray(0, good.length / 2)], ending: 'destroy' },
    'a form cut off within a photo': {
      pieces: [head(honest(good)), good.subarray(0, good.length / 3)],
      ending: 'end',
    },
    'a request cut off within its header': {
      pieces: ['POST /compare HTTP/1.1\r\nhost: a\r\nconte'],
      ending: 'destroy',
    },
    '60 MB of a photo in chunks': { pieces: [head(chunks), ...chunked(portrait, 60)] },
  }
}

function slowRequests(good: Buffer): Record<string, Request> {
  return {
    'a byte of the form a second': { pieces: [head(honest(good)), ...bytesOf(good)], pause: 1000 },
    'a byte of the header a second': { pieces: bytesOf(Buffer.from(head(honest(good)))), pause: 1000 },
    'a form that never goes on': { pieces: [head(honest(good)), good.subarray(0, 5000)] },
    'a connection that says nothing': { pieces: [] },
  }
}

function honest(content: Buffer): Record<string, string | number> {
  return { 'content-type': FORM_TYPE, 'content-length': content.length }
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
