import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import type { CompareOptions } from '../../lib/face-engine.js'
import type { ProblemCode } from '../../schemas/problem.js'
import { appWith, filesIn, MAX_FILE_BYTES } from '../compare-app.js'
import { COMPARISON, fakeEngine } from '../fake-engine.js'
import { PICTURE } from '../forms.js'
import { isInjectedProblem } from '../problems.js'
import { until } from '../until.js'

const BASE64 = Buffer.from(PICTURE).toString('base64')
const LARGE = Buffer.concat([PICTURE, Buffer.alloc(MAX_FILE_BYTES)]).toString('base64')

const jsonRequest = (payload: string | Buffer | Readable) => ({
  method: 'POST' as const,
  url: '/compare',
  headers: { 'content-type': 'application/json' },
  payload,
})

/** An app whose engine keeps what it was given. */
function keepingApp(t: Test) {
  const calls: { photos: Uint8Array[]; options: CompareOptions }[] = []
  const engine = fakeEngine(async (reference, live, options) => {
    const photos = await Promise.all([reference, live].map((file) => readFile(file)))
    calls.push({ photos: photos.map((photo) => Uint8Array.from(photo)), options })
    return COMPARISON
  })
  return { ...appWith(t, engine), calls }
}

t.test('two photos in base64 are compared as those of a form are', async (t) => {
  const { app, calls, tempDir } = keepingApp(t)
  const form = {
    note: { any: ['thing', 1] },
    threshold: 0.55,
    live_image: BASE64,
    faces: 'single',
    reference_image: BASE64,
  }
  const reply = await app.inject(jsonRequest(JSON.stringify(form)))
  t.equal(reply.statusCode, 200, reply.body)
  t.same(reply.json(), COMPARISON)
  t.match(calls, [{ photos: [PICTURE, PICTURE], options: { threshold: 0.55, faces: 'single' } }])
  t.same(await filesIn(tempDir), [])
})

const WAYS_TO_WRITE: Record<string, string> = {
  'a data URL': `data:image/jpeg;base64,${BASE64}`,
  'a data URL with a wrong type and parameters': `DATA:text/plain;charset=utf-8;name=a%2Cb.txt;BASE64,${BASE64}`,
  'lines, as the program base64 writes it': BASE64.replace(/.{76}/g, '$&\r\n'),
  'the alphabet for URLs': Buffer.from(PICTURE).toString('base64url'),
  'without padding': BASE64.replace(/=+$/, ''),
}

t.test('base64 may be written in the ways that encoders write it', async (t) => {
  const { app, calls } = keepingApp(t)
  for (const [what, text] of Object.entries(WAYS_TO_WRITE)) {
    const reply = await app.inject(jsonRequest(JSON.stringify({ reference_image: text, live_image: BASE64 })))
    t.equal(reply.statusCode, 200, `${what}: ${reply.body}`)
    t.same(calls.at(-1)?.photos, [PICTURE, PICTURE], what)
  }
})

t.test('JSON may arrive in pieces of any size, with escapes and white space', async (t) => {
  const { app, calls } = keepingApp(t)
  const text = ` \t{ "reference\\u005fimage" :\n"${BASE64.replaceAll('/', '\\/')}",\r\n"live_image": "${BASE64}", "note": "käse 🧀", "threshold": 5e-1 } \n`
  for (const size of [1, 7, 100]) {
    const bytes = Buffer.from(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    )
    const reply = await app.inject(jsonRequest(Readable.from(pieces)))
    t.equal(reply.statusCode, 200, reply.body)
    t.match(calls.at(-1), { photos: [PICTURE, PICTURE], options: { threshold: 0.5 } })
  }
})

/** A form in which one field is written so. */
const withLive = (live: string, more = '') => `{"reference_image":"${BASE64}","live_image":${live}${more}}`
const encoded = (text: string) => JSON.stringify(Buffer.from(text).toString('base64'))

const WRONG: Record<string, [code: ProblemCode, field: string | undefined, payload: string | Buffer]> = {
  nothing: ['malformed_json', undefined, ' '],
  text: ['malformed_json', undefined, '"photo"'],
  'a number': ['malformed_json', undefined, '12'],
  'a list': ['malformed_json', undefined, `["${BASE64}","${BASE64}"]`],
  'no JSON': ['malformed_json', undefined, 'reference_image=a'],
  'JSON that breaks off in a photo': ['malformed_json', undefined, withLive(`"${BASE64}"`).slice(0, -40)],
  'JSON without its end': ['malformed_json', undefined, withLive(`"${BASE64}"`).slice(0, -1)],
  'something after the end': ['malformed_json', undefined, `${withLive(`"${BASE64}"`)} {}`],
  'a line break within text': ['malformed_json', undefined, withLive('"AA\nAA"')],
  'bytes that are not UTF-8': ['malformed_json', undefined, Buffer.from('{"reference_image":"\xff"}', 'latin1')],
  'lists nested 10,000 deep': ['malformed_json', undefined, `{"note":${'['.repeat(10_000)}`],
  'objects nested 10,000 deep': ['malformed_json', undefined, '{"a":'.repeat(10_000)],
  '10,000 fields': [
    'too_many_parts',
    undefined,
    JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, i]))),
  ],
  'two megabytes that nobody asked for': ['form_too_large', undefined, `{"note":[${'1,'.repeat(2 ** 20)}1]}`],
  'an empty object': ['missing_field', 'reference_image', '{}'],
  'a photo missing': ['missing_field', 'live_image', `{"reference_image":"${BASE64}"}`],
  'null for a photo': ['missing_field', 'live_image', withLive('null')],
  'names that every object has': ['missing_field', 'reference_image', `{"__proto__":{"reference_image":"${BASE64}"}}`],
  'a number for a photo': ['file_expected', 'live_image', withLive('12')],
  'true for a photo': ['file_expected', 'live_image', withLive('true')],
  'an object for a photo': ['file_expected', 'live_image', withLive(`{"data":"${BASE64}"}`)],
  'a list for the reference photo': ['file_expected', 'reference_image', `{"reference_image":["${BASE64}"]}`],
  'twice the same photo': ['duplicate_field', 'live_image', withLive(`"${BASE64}"`, `,"live_image":"${BASE64}"`)],
  'a photo after null': ['duplicate_field', 'live_image', withLive('null', `,"live_image":"${BASE64}"`)],
  'twice the threshold': ['duplicate_field', 'threshold', withLive(`"${BASE64}"`, ',"threshold":1,"threshold":1')],
  'an address': ['invalid_base64', 'live_image', withLive('"https://example.com/me.jpg"')],
  'other characters': ['invalid_base64', 'live_image', withLive('"AAA\u00e4"')],
  'padding in the middle': ['invalid_base64', 'live_image', withLive('"AA==AAAA"')],
  'too much padding': ['invalid_base64', 'live_image', withLive('"AAAAA==="')],
  'padding of a whole group': ['invalid_base64', 'live_image', withLive('"AAAA="')],
  'a character too few': ['invalid_base64', 'live_image', withLive('"AAAAA"')],
  'a data URL without base64': ['invalid_base64', 'live_image', withLive('"data:image/svg+xml,<svg/>"')],
  'a data URL without data': ['invalid_base64', 'live_image', withLive('"data:image/jpeg"')],
  'a data URL with an endless type': ['invalid_base64', 'live_image', withLive(`"data:${'x'.repeat(5000)}"`)],
  'empty text for a photo': ['empty_file', 'live_image', withLive('""')],
  'an empty data URL': ['empty_file', 'live_image', withLive('"data:image/jpeg;base64,"')],
  'text that is no photo': ['unsupported_image_format', 'live_image', withLive(encoded('hello, I am no picture'))],
  'a drawing': [
    'unsupported_image_format',
    'live_image',
    withLive(encoded('<svg xmlns="http://www.w3.org/2000/svg"/>')),
  ],
  'a photo that is too large': ['file_too_large', 'live_image', withLive(`"${LARGE}"`)],
  'faces=all': ['invalid_faces', 'faces', withLive(`"${BASE64}"`, ',"faces":"all"')],
  'a list of faces': ['invalid_faces', 'faces', withLive(`"${BASE64}"`, ',"faces":["any"]')],
  'a long text': ['malformed_form', 'faces', withLive(`"${BASE64}"`, `,"faces":"${'x'.repeat(5000)}"`)],
  ...Object.fromEntries(
    ['0', '2', '-1', '1e999', 'true', '{}', '[0.5]', '"NaN"', '""'].map((threshold) => [
      `the threshold ${threshold}`,
      ['invalid_threshold', 'threshold', withLive(`"${BASE64}"`, `,"threshold":${threshold}`)],
    ]),
  ),
}

t.test('wrong JSON is refused with a code, the field, and nothing left behind', async (t) => {
  const { app, tempDir } = appWith(
    t,
    fakeEngine(async () => t.fail('compared') as never),
  )
  for (const [what, [code, field, payload]] of Object.entries(WRONG)) {
    await t.test(what, async (t) => {
      isInjectedProblem(t, await app.inject(jsonRequest(payload)), code, field)
      t.same(await filesIn(tempDir), [])
    })
  }
})

t.test('null leaves an option out', async (t) => {
  const { app, calls } = keepingApp(t)
  const reply = await app.inject(jsonRequest(withLive(`"${BASE64}"`, ',"threshold":null,"faces":null')))
  t.equal(reply.statusCode, 200, reply.body)
  t.match(calls, [{ options: { threshold: undefined, faces: 'largest' } }])
})

t.test('JSON of more bytes than two photos need is refused, announced or not', async (t) => {
  const { app, tempDir } = appWith(t, fakeEngine())
  // White space costs next to nothing to read past, but is no reason to go on.
  const large = Buffer.from(withLive(`"${' \\n'.repeat(700_000)}"`))
  isInjectedProblem(t, await app.inject(jsonRequest(large)), 'form_too_large')
  isInjectedProblem(t, await app.inject(jsonRequest(Readable.from([large]))), 'form_too_large')
  t.same(await filesIn(tempDir), [])
})

t.test('a client that leaves while it sends a photo leaves nothing behind', async (t) => {
  const { app, tempDir } = appWith(t, fakeEngine())
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  const photo = Buffer.concat([PICTURE, Buffer.alloc(80_000)]).toString('base64')
  socket.write(
    `POST /compare HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 200000\r\n\r\n{"reference_image":"${photo}`,
  )
  await until('the photo is on its way to the disk', async () => (await filesIn(tempDir)).length > 0)
  socket.destroy()
  await until('nothing is left', async () => (await filesIn(tempDir)).length === 0)
  t.pass()
})
