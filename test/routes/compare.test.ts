import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { FaceError, UnavailableError } from '../../lib/errors.js'
import type { CompareOptions } from '../../lib/face-engine.js'
import type { ProblemCode } from '../../schemas/problem.js'
import { appWith, filesIn, MAX_FILE_BYTES } from '../compare-app.js'
import { COMPARISON, endlessEngine, fakeEngine } from '../fake-engine.js'
import { formRequest, type Parts, type PartValue, PICTURE, pictures } from '../forms.js'
import { isInjectedProblem } from '../problems.js'

t.test('two photos in any order among other fields are compared, and the reply begins with identical', async (t) => {
  const calls: CompareOptions[] = []
  const seen: string[] = []
  const other = Uint8Array.from([...PICTURE, 0])
  const engine = fakeEngine(async (reference, live, options) => {
    calls.push(options)
    t.same(Uint8Array.from(await readFile(reference)), PICTURE)
    t.same(Uint8Array.from(await readFile(live)), other)
    seen.push(...(await readdir(path.dirname(live))))
    return COMPARISON
  })
  const { app } = appWith(t, engine)
  const parts: Parts = [
    ['name', 'somebody'],
    ['live_image', other],
    ['attachment', PICTURE],
    ['faces', 'single'],
    ['reference_image', PICTURE],
    ['threshold', '0.55'],
    ['name', 'again'],
  ]
  const reply = await app.inject(await formRequest(parts))
  t.equal(reply.statusCode, 200)
  t.ok(reply.body.startsWith('{"identical":true,"distance":0.25,'), reply.body)
  t.same(reply.json(), COMPARISON)
  t.match(calls, [{ threshold: 0.55, faces: 'single' }])
  t.same(seen.sort(), ['1-live_image', '1-reference_image', 'alive'], 'a file that nobody asked for is not written')
})

t.test('the reply says in its header how long each phase took', async (t) => {
  const engine = fakeEngine(async (_reference, _live, { onTimings }) => {
    onTimings?.({ queue: 0, decode: 3.0521, detect: 5, landmarks: 2.5, describe: 12, handover: 1, verdict: 2 })
    return COMPARISON
  })
  const { app } = appWith(t, engine)
  const { headers } = await app.inject(await formRequest(pictures()))
  t.match(
    headers['server-timing'],
    /^upload;dur=\d+\.\d, queue;dur=0\.0, decode;dur=3\.1, detect;dur=5\.0, landmarks;dur=2\.5, describe;dur=12\.0, handover;dur=1\.0, verdict;dur=2\.0$/,
  )
  const refused = await app.inject(await formRequest([]))
  t.notOk('server-timing' in refused.headers)
})

t.test('threshold and faces may be left out', async (t) => {
  const calls: CompareOptions[] = []
  const { app } = appWith(
    t,
    fakeEngine(async (_reference, _live, options) => {
      calls.push(options)
      return COMPARISON
    }),
  )
  t.equal((await app.inject(await formRequest(pictures()))).statusCode, 200)
  t.match(calls, [{ threshold: undefined, faces: 'largest' }])
})

t.test('while photos are compared only their owner can read them; when the reply is there they are gone', async (t) => {
  const modes: number[] = []
  const { app, tempDir } = appWith(
    t,
    fakeEngine(async (reference, live) => {
      const folder = path.dirname(reference)
      for (const item of [reference, live, folder, path.dirname(folder)]) {
        modes.push((await stat(item)).mode & 0o777)
      }
      return COMPARISON
    }),
  )
  await app.inject(await formRequest(pictures()))
  t.same(modes, [0o600, 0o600, 0o700, 0o700])
  t.same(await filesIn(tempDir), [])
})

const EMPTY = new Uint8Array()
const TEXT = Uint8Array.from(Buffer.from('hello, I am no picture'))
const LARGE = Uint8Array.from(Buffer.concat([PICTURE, Buffer.alloc(MAX_FILE_BYTES)]))
const ALMOST_LARGE = Uint8Array.from(Buffer.alloc(MAX_FILE_BYTES))
const SVG = Uint8Array.from(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))

const WRONG_FORMS: Record<string, [code: ProblemCode, field: string | undefined, parts: Parts]> = {
  'no field at all': ['missing_field', 'reference_image', [['note', 'nothing']]],
  'a field missing': ['missing_field', 'live_image', [['reference_image', PICTURE]]],
  'a file field that the browser found empty': [
    'missing_field',
    'live_image',
    [
      ['reference_image', PICTURE],
      ['live_image', EMPTY, ''],
    ],
  ],
  'twice the same photo field': ['duplicate_field', 'reference_image', pictures(['reference_image', PICTURE])],
  'eleven live photos': [
    'too_many_live_images',
    'live_image',
    pictures(...Array.from({ length: 10 }, (): [string, PartValue] => ['live_image', PICTURE])),
  ],
  'more bytes than two large photos have': [
    'form_too_large',
    undefined,
    pictures(...Array.from({ length: 15 }, (): [string, PartValue] => ['attachment', ALMOST_LARGE])),
  ],
  'twice the threshold': ['duplicate_field', 'threshold', pictures(['threshold', '1'], ['threshold', '1'])],
  'an empty file': [
    'empty_file',
    'reference_image',
    [
      ['reference_image', EMPTY],
      ['live_image', PICTURE],
    ],
  ],
  'an empty file at the end': [
    'empty_file',
    'live_image',
    [
      ['reference_image', PICTURE],
      ['live_image', EMPTY],
    ],
  ],
  'text named .jpg': [
    'unsupported_image_format',
    'live_image',
    [
      ['reference_image', PICTURE],
      ['live_image', TEXT],
    ],
  ],
  'a drawing': [
    'unsupported_image_format',
    'reference_image',
    [
      ['reference_image', SVG],
      ['live_image', PICTURE],
    ],
  ],
  'text where a file belongs': [
    'file_expected',
    'live_image',
    [
      ['reference_image', PICTURE],
      ['live_image', 'me.jpg'],
    ],
  ],
  'a file that is too large': [
    'file_too_large',
    'live_image',
    [
      ['reference_image', PICTURE],
      ['live_image', LARGE],
    ],
  ],
  'a file too large that nobody asked for': ['file_too_large', undefined, pictures(['attachment', LARGE])],
  'too many parts': [
    'too_many_parts',
    undefined,
    pictures(...Array.from({ length: 60 }, (_, i): [string, PartValue] => [`field${i}`, ''])),
  ],
  'too many files': [
    'too_many_parts',
    undefined,
    pictures(...Array.from({ length: 20 }, (_, i): [string, PartValue] => [`file${i}`, TEXT])),
  ],
  ...Object.fromEntries(
    ['abc', '', '0', '2', '-1', 'NaN', 'Infinity', '1e400', 'true', '1,5', '0x1'].map((threshold) => [
      `the threshold ${threshold.slice(0, 9)}`,
      ['invalid_threshold', 'threshold', pictures(['threshold', threshold])],
    ]),
  ),
  'a text that is too long': ['malformed_form', 'threshold', pictures(['threshold', `0.5${'0'.repeat(5000)}x`])],
  'a file instead of a text': [
    'malformed_form',
    'threshold',
    pictures(['threshold', Uint8Array.from(Buffer.from('0.01')), 'threshold.txt']),
  ],
  'faces=all': ['invalid_faces', 'faces', pictures(['faces', 'all'])],
}

t.test('wrong forms are refused with a code, the field, and nothing left behind', async (t) => {
  const { app, tempDir } = appWith(
    t,
    fakeEngine(async () => t.fail('compared') as never),
  )
  for (const [what, [code, field, parts]] of Object.entries(WRONG_FORMS)) {
    await t.test(what, async (t) => {
      isInjectedProblem(t, await app.inject(await formRequest(parts)), code, field)
      t.same(await filesIn(tempDir), [])
    })
  }
})

t.test('what is read past may be of any size, and end with what comes before it', async (t) => {
  const { app } = appWith(t, fakeEngine())
  const { headers, payload, ...request } = await formRequest(pictures())
  const boundary = /boundary=(\S+)/.exec(headers['content-type'])?.[1]
  for (const size of [10, 16_000, 17_000, 50_000, 65_000, 130_000, 700_000]) {
    for (const head of [`--${boundary}\r\nContent-Disposition: attachment\r\n\r\n`, `--${boundary} \r\n\r\n`]) {
      const part = Buffer.concat([Buffer.from(head), Buffer.alloc(size, 'x'), Buffer.from('\r\n')])
      const end = payload.lastIndexOf(`--${boundary}`)
      for (const body of [
        Buffer.concat([part, payload]),
        Buffer.concat([payload.subarray(0, end), part, payload.subarray(end)]),
      ]) {
        const reply = await app.inject({ ...request, headers, payload: body })
        t.equal(reply.statusCode, 200, `${size} ${head.slice(-30)}`)
      }
    }
  }
})

t.test('a body that is compressed is refused in words', async (t) => {
  const { app } = appWith(t, fakeEngine())
  const { headers, payload, ...request } = await formRequest(pictures())
  const send = (encoding: string, body: Buffer) =>
    app.inject({ ...request, headers: { ...headers, 'content-encoding': encoding }, payload: body })
  const refused = await send('gzip', gzipSync(payload))
  isInjectedProblem(t, refused, 'unsupported_media_type')
  t.match(refused.json(), { error: 'The body is compressed: send it without Content-Encoding.' })
  t.equal(refused.headers['accept-encoding'], 'identity')
  t.equal((await send('identity', payload)).statusCode, 200)
})

const FORM_TYPE = 'multipart/form-data; boundary=x'
const PART = '--x\r\ncontent-disposition: form-data; name="reference_image"; filename="a.jpg"\r\n\r\n'

const WRONG_BODIES: Record<string, [code: ProblemCode, type: string | undefined, payload: string | undefined]> = {
  'no form': ['unsupported_media_type', undefined, undefined],
  'an urlencoded form': [
    'unsupported_media_type',
    'application/x-www-form-urlencoded',
    'reference_image=a&live_image=b',
  ],
  'another kind of JSON': ['unsupported_media_type', 'application/ld+json', '{"reference_image":"a","live_image":"b"}'],
  'plain text': ['unsupported_media_type', 'text/plain', 'hello'],
  'no type': ['unsupported_media_type', undefined, 'hello'],
  'no boundary': ['malformed_form', 'multipart/form-data', 'hello'],
  'an empty body': ['malformed_form', FORM_TYPE, ''],
  'another boundary': ['malformed_form', FORM_TYPE, PART.replace('--x', '--y')],
  'a header that breaks off': ['malformed_form', FORM_TYPE, PART.slice(0, 40)],
  'a file that breaks off': ['malformed_form', FORM_TYPE, `${PART}${Buffer.from(PICTURE).toString('latin1')}`],
  'a text that breaks off': [
    'malformed_form',
    FORM_TYPE,
    '--x\r\ncontent-disposition: form-data; name="faces"\r\n\r\nsing',
  ],
}

t.test('bodies that are no form are refused', async (t) => {
  const { app, tempDir } = appWith(t, fakeEngine())
  for (const [what, [code, type, payload]] of Object.entries(WRONG_BODIES)) {
    await t.test(what, async (t) => {
      const headers = type === undefined ? {} : { 'content-type': type }
      const body = payload === undefined ? {} : { payload: Buffer.from(payload, 'latin1') }
      const reply = await app.inject({ method: 'POST', url: '/compare', headers, ...body })
      isInjectedProblem(t, reply, code)
      if (code === 'unsupported_media_type') t.equal(reply.headers.accept, 'multipart/form-data, application/json')
      t.same(await filesIn(tempDir), [])
    })
  }
})

t.test('what the engine says of a photo is passed on', async (t) => {
  const codes = ['damaged_image', 'no_face', 'several_faces', 'too_many_pixels'] as const
  for (const code of codes) {
    const error = new FaceError(code, 'The reason.', 'live_image')
    const { app } = appWith(
      t,
      fakeEngine(() => Promise.reject(error)),
    )
    const reply = await app.inject(await formRequest(pictures()))
    t.equal(isInjectedProblem(t, reply, code, 'live_image'), 'The reason.')
  }
})

t.test('an engine that cannot compare now is a 503 that says when to come back', async (t) => {
  const error = new UnavailableError('busy', 'Too much to do.', 7)
  const { app } = appWith(
    t,
    fakeEngine(() => Promise.reject(error)),
  )
  const reply = await app.inject(await formRequest(pictures()))
  isInjectedProblem(t, reply, 'busy')
  t.equal(reply.headers['retry-after'], '7')
})

t.test('what goes wrong inside is not told', async (t) => {
  const error = new Error('secret of the inside at /a/path')
  const { app, tempDir } = appWith(
    t,
    fakeEngine(() => Promise.reject(error)),
  )
  const reply = await app.inject(await formRequest(pictures()))
  isInjectedProblem(t, reply, 'internal_error')
  t.notMatch(reply.body, /secret|path/)
  t.same(await filesIn(tempDir), [])
})

t.test('a disk without room for the photos is a 507', async (t) => {
  const error = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' })
  const { app } = appWith(
    t,
    fakeEngine(() => Promise.reject(error)),
  )
  const reply = await app.inject(await formRequest(pictures()))
  isInjectedProblem(t, reply, 'storage_full')
  t.ok(Number(reply.headers['retry-after']) > 0)
})

t.test('a comparison that takes too long is given up, and its photos are removed', async (t) => {
  const { engine, stopped } = endlessEngine()
  const { app, tempDir } = appWith(t, engine, { timeout: 0.2 })
  const reply = await app.inject(await formRequest(pictures()))
  isInjectedProblem(t, reply, 'timeout')
  t.ok(Number(reply.headers['retry-after']) > 0)
  t.match(await stopped, { code: 'timeout' })
  t.same(await filesIn(tempDir), [])
})
