import { readdir } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import path from 'node:path'
import t, { type Test } from 'tap'
import { buildApp } from '../app.js'
import type { FaceEngine } from '../lib/face-engine.js'
import { MOST_WAITING } from '../plugins/pipelined-replies.js'
import { COMPARISON, endlessEngine, fakeEngine } from './fake-engine.js'
import { formOfParts, formRequest, PICTURE, pictures } from './forms.js'
import { LogLines } from './log-lines.js'
import { isInjectedProblem, isProblem } from './problems.js'
import { BOUNDARY, filePart, formHead, RawConnection } from './raw-request.js'
import { until } from './until.js'

const HUNDRED_MEGABYTES = 100_000_000

async function serve(t: Test, faceEngine: FaceEngine = fakeEngine(), config = {}) {
  const tempDir = t.testdir()
  const app = buildApp({ faceEngine, config: { logLevel: 'silent', tempDir, ...config } })
  t.teardown(() => app.close())
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const filesLeft = async () =>
    (await readdir(tempDir, { recursive: true })).filter(
      (name) => name.split(path.sep).length > 2 && !name.endsWith('alive'),
    )
  return { app, url, filesLeft }
}

/** The reply to a request that was made by hand. */
function parseReply(received: string) {
  const [head, body] = received.split('\r\n\r\n')
  const contentType = /^content-type: (.*)$/im.exec(head)?.[1]
  return { status: Number(head.split(' ')[1]), contentType, body, head }
}

t.test('two photos are compared over HTTP', async (t) => {
  const { url, filesLeft } = await serve(t)
  const response = await fetch(`${url}/compare`, { method: 'POST', body: formOfParts(pictures()) })
  t.equal(response.status, 200)
  t.same(await response.json(), COMPARISON)
  t.same(await filesLeft(), [])
})

t.test('a client that sends 100 MB of no photo before it reads gets its answer', async (t) => {
  const { url, filesLeft } = await serve(t, fakeEngine(), { maxFileBytes: 2 * HUNDRED_MEGABYTES })
  const connection = await RawConnection.open(url)
  await connection.send(formHead(HUNDRED_MEGABYTES) + filePart('live_image'))
  for (let sent = 0; sent < HUNDRED_MEGABYTES; sent += 1_000_000) await connection.send('text '.repeat(200_000))
  await connection.until('}')
  isProblem(t, parseReply(connection.received), 'unsupported_image_format', 'live_image')
  t.same(await filesLeft(), [])
  connection.socket.destroy()
})

t.test('a form that says it is too large is refused before it is read', async (t) => {
  const { url } = await serve(t)
  const connection = await RawConnection.open(url)
  await connection.send(formHead(HUNDRED_MEGABYTES) + filePart('live_image'))
  await connection.until('}')
  isProblem(t, parseReply(connection.received), 'form_too_large')
  connection.socket.destroy()
})

t.test('a form that does not say how large it is is refused once it is too large', async (t) => {
  const { url, filesLeft } = await serve(t, fakeEngine(), { maxFileBytes: 10_000 })
  const connection = await RawConnection.open(url)
  await connection.send(formHead('chunked'))
  const text = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="note"\r\n\r\n${'x'.repeat(100_000)}\r\n`
  for (let sent = 0; sent < 2_000_000; sent += text.length)
    await connection.send(`${text.length.toString(16)}\r\n${text}\r\n`)
  await connection.until('}')
  isProblem(t, parseReply(connection.received), 'form_too_large')
  t.same(await filesLeft(), [])
  connection.socket.destroy()
})

t.test('a client that asks before it sends is told to go on, or spared the upload', async (t) => {
  const { url } = await serve(t)
  const body = `${filePart('live_image')}text\r\n--${BOUNDARY}--\r\n`
  const accepted = await RawConnection.open(url)
  await accepted.send(formHead(body.length, '/compare', 'expect: 100-continue'))
  await accepted.until('HTTP/1.1 100 Continue\r\n\r\n')
  await accepted.send(body)
  await accepted.until('unsupported_image_format')
  accepted.socket.destroy()

  for (const [target, code] of [
    ['/compare', 'form_too_large'],
    ['/elsewhere', 'not_found'],
  ] as const) {
    const refused = await RawConnection.open(url)
    await refused.send(formHead(HUNDRED_MEGABYTES, target, 'expect: 100-continue'))
    await refused.closed
    t.notMatch(refused.received, '100 Continue')
    isProblem(t, parseReply(refused.received), code)
  }
})

t.test('nobody has to upload photos that cannot be compared anyway', async (t) => {
  const unavailable = () => {
    throw new Error('not now')
  }
  const { url } = await serve(t, fakeEngine(undefined, { reserve: unavailable }))
  const connection = await RawConnection.open(url)
  await connection.send(formHead(1_000_000, '/compare', 'expect: 100-continue'))
  await connection.closed
  t.notMatch(connection.received, '100 Continue')
  isProblem(t, parseReply(connection.received), 'internal_error')
})

t.test('an upload that is broken off leaves nothing, and the service goes on', async (t) => {
  const { url, filesLeft } = await serve(t)
  const connection = await RawConnection.open(url)
  await connection.send(formHead(1_000_000) + filePart('live_image'))
  await connection.send(Buffer.concat([PICTURE, Buffer.alloc(200_000)]))
  await until('a part of the photo is on disk', async () => (await filesLeft()).length === 1)
  connection.socket.destroy()
  await until('it is gone', async () => (await filesLeft()).length === 0)
  t.equal((await fetch(`${url}/health/ready`)).status, 200)
})

t.test('who sends many requests at once and leaves keeps no place of others', async (t) => {
  const REQUESTS = 100
  let [asked, kept] = [0, 0]
  const reserve = () => {
    asked++
    kept++
    return () => {
      kept--
    }
  }
  const lines = new LogLines()
  const app = buildApp({
    faceEngine: fakeEngine(undefined, { reserve }),
    logStream: lines,
    config: { tempDir: t.testdir() },
  })
  t.teardown(() => app.close())
  const connection = await RawConnection.open(await app.listen({ port: 0, host: '127.0.0.1' }))
  await connection.send(formHead(0).repeat(REQUESTS))
  await connection.until('HTTP/1.1 400')
  connection.socket.destroy()
  await until('every place was given back', () => asked === MOST_WAITING && kept === 0)
  await until('the log tells of each', () => lines.outcomes.length === REQUESTS)
})

t.test('an upload that takes too long is a 408 and leaves nothing', async (t) => {
  const { url, filesLeft } = await serve(t, fakeEngine(), { uploadTimeout: 1 })
  const connection = await RawConnection.open(url)
  await connection.send(formHead(1_000_000) + filePart('live_image'))
  await connection.send(Buffer.concat([PICTURE, Buffer.alloc(200_000)]))
  await until('a part of the photo is on disk', async () => (await filesLeft()).length === 1)
  await connection.closed
  isProblem(t, parseReply(connection.received), 'request_timeout')
  await until('it is gone', async () => (await filesLeft()).length === 0)
})

t.test('a client that leaves during the comparison ends it, and its photos are removed', async (t) => {
  const { engine, started, stopped } = endlessEngine()
  const { url, filesLeft } = await serve(t, engine)
  const controller = new AbortController()
  const request = fetch(`${url}/compare`, { method: 'POST', body: formOfParts(pictures()), signal: controller.signal })
  await started
  controller.abort()
  await t.rejects(request)
  t.match(await stopped, { code: 'client_closed_request' })
  await until('the photos are gone', async () => (await filesLeft()).length === 0)
})

t.test('what is no HTTP, or has too much of it, is answered as well', async (t) => {
  const { url } = await serve(t)
  const nonsense = await RawConnection.open(url)
  await nonsense.send('hello\r\n\r\n')
  await nonsense.closed
  isProblem(t, parseReply(nonsense.received), 'bad_request')

  const bigHeader = await RawConnection.open(url)
  await bigHeader.send(`GET / HTTP/1.1\r\nhost: test\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)
  await bigHeader.closed
  isProblem(t, parseReply(bigHeader.received), 'header_too_large')

  const badUrl = await RawConnection.open(url)
  await badUrl.send('GET /%E0%A4%A HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n')
  await badUrl.closed
  isProblem(t, parseReply(badUrl.received), 'bad_request')
})

t.test('an unknown route is a 404; a wrong method is a 405 that says which is right', async (t) => {
  const { app } = await serve(t)
  isInjectedProblem(t, await app.inject('/nothing?here=1'), 'not_found')
  for (const odd of ['/:a(', '/:a(*)', '/**', '/*', '/docs/static/:x(', '/docs/static/none.js']) {
    isInjectedProblem(t, await app.inject(odd), 'not_found')
  }
  isInjectedProblem(t, await app.inject(await formRequest(pictures(), '/nothing')), 'not_found')
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'] as const) {
    const reply = await app.inject({ method, url: '/compare' })
    isInjectedProblem(t, reply, 'method_not_allowed')
    t.equal(reply.headers.allow, 'POST, OPTIONS')
  }
  const health = await app.inject({ method: 'POST', url: '/health/live' })
  isInjectedProblem(t, health, 'method_not_allowed')
  t.equal(health.headers.allow, 'GET, HEAD, OPTIONS')
})

t.test('pages of any origin may call, or of those that are named, or none', async (t) => {
  const origin = 'https://a.example'
  const allowed = async (corsOrigin: string | undefined, from = origin) => {
    const { app } = await serve(t, fakeEngine(), corsOrigin === undefined ? {} : { corsOrigin })
    const preflight = { origin: from, 'access-control-request-method': 'POST' }
    const asked = await app.inject({ method: 'OPTIONS', url: '/compare', headers: preflight })
    const refused = await app.inject({ method: 'POST', url: '/compare', headers: { origin: from } })
    t.equal(refused.headers['access-control-allow-origin'], asked.headers['access-control-allow-origin'])
    t.notOk('access-control-allow-credentials' in asked.headers)
    return asked.headers['access-control-allow-origin']
  }
  t.equal(await allowed(undefined), '*')
  t.equal(await allowed('https://b.example, https://a.example'), origin)
  t.notOk(await allowed('https://b.example'))
  t.notOk(await allowed('none'))
})

t.test('closing answers what was accepted and refuses what comes after', async (t) => {
  let finish: () => void = () => {}
  let start: () => void = () => {}
  const started = new Promise<void>((resolve) => {
    start = resolve
  })
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const engine = fakeEngine(async () => {
    start()
    await finished
    return COMPARISON
  })
  const { app, url } = await serve(t, engine)
  const accepted = fetch(`${url}/compare`, { method: 'POST', body: formOfParts(pictures()) })
  // A request of which only a part has arrived belongs to those that come after.
  const late = await RawConnection.open(url)
  await late.send('GET /health/ready HTTP/1.1\r\n')
  await started
  const closed = app.close()
  await late.send('host: test\r\n\r\n')
  await late.closed
  const reply = parseReply(late.received)
  isProblem(t, reply, 'shutting_down')
  t.match(reply.head, /retry-after: \d/i)
  await t.rejects(fetch(`${url}/health/live`), 'nobody listens any more')
  finish()
  t.equal((await accepted).status, 200)
  await closed
})

t.test('connections that are open without a request do not hold up closing', async (t) => {
  const { app, url } = await serve(t)
  const agent = new Agent({ keepAlive: true })
  await new Promise((resolve) => get(`${url}/health/live`, { agent }, (reply) => reply.resume().on('end', resolve)))
  // Browsers also open connections before they need them.
  const silent = await RawConnection.open(url)
  const started = performance.now()
  await app.close()
  t.ok(performance.now() - started < 3000)
  await silent.closed
  agent.destroy()
})

t.test('a wrong setting is named at once', async (t) => {
  t.throws(() => buildApp({ config: { maxPixels: -1 } }), { message: /FACEMETRIC_MAX_PIXELS must be >= 1; got -1/ })
})
