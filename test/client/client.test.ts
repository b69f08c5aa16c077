import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { FacemetricClient, FacemetricError, type Photo } from '../../client/index.js'
import { UnavailableError } from '../../lib/errors.js'
import type { FaceEngine } from '../../lib/face-engine.js'
import { createPooledFaceEngine } from '../../lib/pool/pooled-face-engine.js'
import { appWith } from '../compare-app.js'
import { COMPARISON, endlessEngine, fakeEngine } from '../fake-engine.js'
import { PICTURE } from '../forms.js'
import { freePort } from '../free-port.js'
import { writePortraits } from '../portraits.js'
import { until } from '../until.js'

t.setTimeout(120_000)

async function serve(t: Test, engine: FaceEngine, config = {}): Promise<string> {
  return appWith(t, engine, config).app.listen({ port: 0, host: '127.0.0.1' })
}

t.test('photos are compared by the real service, which is asked again when its queue is full', async (t) => {
  const portraits = await writePortraits()
  t.teardown(() => portraits.remove())
  const [anna, bert] = [0, 1].map((person) => readFileSync(portraits.path(person)))
  const pool = await createPooledFaceEngine({ runtime: 'onnx', workers: 1, queue: 0, timeout: 60 })
  t.teardown(() => pool.close())
  const client = new FacemetricClient({ url: `${await serve(t, pool)}/`, retries: 1000, timeout: 100 })
  const replies = await Promise.all([
    client.compare(anna, anna),
    client.compare(new Blob([Uint8Array.from(anna)]), bert),
    client.compare(anna, [bert, anna], { threshold: 0.4, faces: 'single' }),
  ])
  t.match(replies, [{ identical: true, same_photo: true }, { identical: false }, { best: 1, results: Array }])

  const error = await client.compare(anna, Uint8Array.of(1, 2, 3)).catch((refusal) => refusal)
  t.ok(error instanceof FacemetricError)
  t.match(error, { code: 'unsupported_image_format', problem: { status: 415, field: 'live_image' } })
  t.equal(error.message, error.problem.detail)
  t.equal(error.retryAfter, undefined)
})

t.test('a photo may be a Blob, an ArrayBuffer or any view of its bytes, also from another window', async (t) => {
  const sizes: number[] = []
  const engine = fakeEngine(async (reference) => {
    sizes.push(statSync(reference).size)
    return COMPARISON
  })
  const client = new FacemetricClient({ url: await serve(t, engine) })
  const { length } = PICTURE
  const around = new Uint8Array(length + 16)
  around.set(PICTURE, 8)
  const shared = new Uint8Array(new SharedArrayBuffer(length))
  shared.set(PICTURE)
  const buffer = await new Blob([Uint8Array.from(PICTURE)]).arrayBuffer()
  const elsewhere: ArrayBuffer = runInNewContext('new Uint8Array(bytes).buffer', { bytes: [...PICTURE] })
  t.notOk(elsewhere instanceof ArrayBuffer)
  const photos = [
    new File([Uint8Array.from(PICTURE)], 'a.png'),
    buffer,
    elsewhere,
    Buffer.from(PICTURE),
    new DataView(around.buffer, 8, length),
    new Uint8ClampedArray(buffer),
    shared,
  ]
  for (const photo of photos) await client.compare(photo, [photo])
  t.same(sizes, Array(photos.length).fill(length))
})

t.test('what is no photo is refused before anything is sent, and told what would be one', async (t) => {
  const { engine, asked } = busyEngine(0)
  const client = new FacemetricClient({ url: await serve(t, engine) })
  const accepted = 'has to be a Blob, an ArrayBuffer or a view of one, such as Uint8Array; got'
  for (const [photo, kind] of [
    ['photos/anna.jpg', 'String'],
    [undefined, 'Undefined'],
    [Promise.resolve(PICTURE), 'Promise'],
    [{ data: [1, 2] }, 'Object'],
    [7, 'Number'],
  ] as unknown as [Photo, string][]) {
    const of = (which: string) => ({ name: 'TypeError', message: `${which} ${accepted} ${kind}` })
    await t.rejects(client.compare(photo, PICTURE), of('the reference photo'))
    await t.rejects(client.compare(PICTURE, photo), of('a live photo'))
    await t.rejects(client.compare(PICTURE, [PICTURE, photo]), of('a live photo'))
  }
  t.equal(asked.times, 0)
})

t.test('a URL that is none is told when the client is made', async (t) => {
  for (const [url, got] of [
    [undefined, 'Undefined'],
    ['', "''"],
    ['localhost:5000', "'localhost:5000'"],
    ['/faces', "'/faces'"],
    ['http://anna:secret@faces.example', "'http://anna:secret@faces.example'"],
    [new URL('file:///faces'), "'file:///faces'"],
    [{}, 'Object'],
  ] as unknown as [string, string][]) {
    const expected = 'url has to be one of http or https without a user, such as http://localhost:5000; got'
    t.throws(() => new FacemetricClient({ url }), { name: 'TypeError', message: `${expected} ${got}` })
  }
})

t.test('in a page a URL may be relative to it', async (t) => {
  const { app } = appWith(t, fakeEngine())
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  // What the fetch of Node takes for the address of the page.
  const page = Symbol.for('undici.globalOrigin.1')
  Reflect.set(globalThis, page, new URL('/a/page', origin))
  t.teardown(() => Reflect.deleteProperty(globalThis, page))
  for (const url of ['', '/', '..']) {
    t.match(await new FacemetricClient({ url }).compare(PICTURE, PICTURE), { identical: true }, url)
  }
})

/** An engine that is busy for the first few times it is asked. */
function busyEngine(times: number, retryAfter = 0) {
  const asked = { times: 0 }
  const engine = fakeEngine(async () => {
    if (asked.times++ < times) throw new UnavailableError('busy', 'Too much to do.', retryAfter)
    return COMPARISON
  })
  return { engine, asked }
}

t.test('a busy service is asked again, as often as was allowed', async (t) => {
  const patient = busyEngine(3)
  const url = await serve(t, patient.engine)
  t.match(await new FacemetricClient({ url }).compare(PICTURE, PICTURE), { identical: true })
  t.equal(patient.asked.times, 4)

  const { engine, asked } = busyEngine(100)
  const client = new FacemetricClient({ url: await serve(t, engine), retries: 2 })
  await t.rejects(client.compare(PICTURE, PICTURE), { code: 'busy', retryAfter: 0, problem: { status: 503 } })
  t.equal(asked.times, 3)
})

t.test('nobody waits for longer than there is time', async (t) => {
  const { engine, asked } = busyEngine(100, 3600)
  const client = new FacemetricClient({ url: await serve(t, engine) })
  await t.rejects(client.compare(PICTURE, PICTURE), { code: 'busy', retryAfter: 3600 })
  t.equal(asked.times, 1)
})

t.test('it can be given up while it waits, and while it is compared', async (t) => {
  const reason = new Error('the person left')
  const waiting = busyEngine(100, 30)
  const leaving = new AbortController()
  const client = new FacemetricClient({ url: await serve(t, waiting.engine) })
  const compared = client.compare(PICTURE, PICTURE, { signal: leaving.signal })
  const refused = t.rejects(compared, reason)
  await until('it is told to wait', () => waiting.asked.times > 0)
  leaving.abort(reason)
  await refused
  await t.rejects(client.compare(PICTURE, PICTURE, { signal: AbortSignal.abort(reason) }), reason)
  t.equal(waiting.asked.times, 1)

  const { engine, started, stopped } = endlessEngine()
  const url = await serve(t, engine)
  const comparing = new AbortController()
  const given = t.rejects(new FacemetricClient({ url }).compare(PICTURE, PICTURE, { signal: comparing.signal }), reason)
  await started
  comparing.abort(reason)
  await given
  t.match(await stopped, { code: 'client_closed_request' })
  await t.rejects(new FacemetricClient({ url, timeout: 0.3 }).compare(PICTURE, PICTURE), { name: 'TimeoutError' })
})

t.test('keys are sent, and a limit of requests is no end', async (t) => {
  const apiKey = 'a-key-that-is-long-enough-for-this-test'
  const url = await serve(t, fakeEngine(), { apiKeys: `test:${apiKey}`, rateLimit: 1, rateWindow: 1 })
  await t.rejects(new FacemetricClient({ url }).compare(PICTURE, PICTURE), { code: 'unauthorized' })
  const client = new FacemetricClient({ url, apiKey, retries: 20 })
  for (const _time of [1, 2]) t.equal((await client.compare(PICTURE, PICTURE)).identical, true)
})

t.test('a service that is gone, and a page that is none, are told as such', async (t) => {
  const gone = new FacemetricClient({ url: `http://127.0.0.1:${await freePort()}` })
  await t.rejects(gone.compare(PICTURE, PICTURE), { name: 'NoReplyError', message: /cannot be reached/, cause: Error })
  const { app } = appWith(t, fakeEngine())
  app.post('/other/compare', async (_request, reply) => reply.code(502).type('text/html').send('<h1>Bad gateway</h1>'))
  app.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
    payload.resume().on('end', () => done(null, {}))
  })
  const url = new URL('/other', await app.listen({ port: 0, host: '127.0.0.1' }))
  const other = new FacemetricClient({ url })
  await t.rejects(other.compare(PICTURE, PICTURE), { name: 'NoReplyError', message: /answered 502/ })
})

t.test('https: where nothing speaks TLS is told in words', async (t) => {
  const url = (await serve(t, fakeEngine())).replace('http:', 'https:')
  await t.rejects(new FacemetricClient({ url }).compare(PICTURE, PICTURE), {
    name: 'NoReplyError',
    message: `${url}/compare cannot be reached: there is no TLS at this address; try http://`,
  })
})

t.test('photos and the key follow no redirect to another place', async (t) => {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '')
    request.resume()
    reply.writeHead(307, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const client = new FacemetricClient({ url: `http://127.0.0.1:${port}`, apiKey: 'a-key' })
  await t.rejects(client.compare(PICTURE, PICTURE), {
    name: 'NoReplyError',
    message: /sends its callers to \/elsewhere/,
  })
  t.same(asked, ['/compare'])
})

t.test('it is a part of the package, and needs no other module', async (t) => {
  const { FacemetricClient: exported } = await import('facemetric/client')
  t.equal(exported, FacemetricClient)
  for (const file of ['index', 'errors', 'pause']) {
    const code = readFileSync(path.join(import.meta.dirname, '..', '..', 'client', `${file}.js`), 'utf8')
    const modules = [...code.matchAll(/from '([^']+)'/g)].map(([, name]) => name)
    t.ok(
      modules.every((name) => name === './errors.js' || name === './pause.js'),
      modules.join(),
    )
  }
})
