import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { MAX_FILES, MAX_PARTS, MAX_VALUE_BYTES } from '../../lib/form/form-options.js'
import { MOST_WAITING } from '../../plugins/pipelined-replies.js'
import { writePortraits } from '../portraits.js'
import { isProblem, isProblemResponse } from '../problems.js'
import { BOUNDARY, filePart, formHead, RawConnection } from '../raw-request.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)

const MAX_CONNECTIONS = 12
/** More than the two seconds for which a place in the queue is kept. */
const UPLOAD_TIMEOUT = 8

const portraits = await writePortraits()
const service = await Service.start({
  env: {
    FACEMETRIC_WORKERS: '1',
    FACEMETRIC_QUEUE: '0',
    FACEMETRIC_MAX_CONNECTIONS: String(MAX_CONNECTIONS),
    FACEMETRIC_UPLOAD_TIMEOUT: String(UPLOAD_TIMEOUT),
  },
})
t.teardown(async () => {
  await service.stop()
  portraits.remove()
})

const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  fetch(service.url + path, { method, headers })

t.test(
  'OPTIONS tells which methods a path takes; of browsers it answers the question about other origins',
  async (t) => {
    for (const [path, allow] of [
      ['/compare', 'POST, OPTIONS'],
      ['/compare?x=1', 'POST, OPTIONS'],
      ['/health/ready', 'GET, HEAD, OPTIONS'],
      ['/', 'GET, HEAD, OPTIONS'],
      ['/docs/static/swagger-ui.css', 'GET, HEAD, OPTIONS'],
    ]) {
      const reply = await ask('OPTIONS', path)
      t.equal(reply.status, 204, path)
      t.equal(reply.headers.get('allow'), allow, path)
      t.equal(await reply.text(), '')
    }
    await isProblemResponse(t, await ask('OPTIONS', '/nothing'), 'not_found')
    const preflight = { origin: 'https://a.example', 'access-control-request-method': 'POST' }
    const browser = await ask('OPTIONS', '/compare', preflight)
    t.equal(browser.status, 204)
    t.match(Object.fromEntries(browser.headers), {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST',
    })
  },
)

t.test(
  'a method that a path does not take is a 405 with those that it does, a path that is not there a 404',
  async (t) => {
    for (const [method, path, allow] of [
      ['GET', '/compare', 'POST, OPTIONS'],
      ['DELETE', '/compare', 'POST, OPTIONS'],
      ['PROPFIND', '/health/live', 'GET, HEAD, OPTIONS'],
      ['POST', '/', 'GET, HEAD, OPTIONS'],
      ['PUT', '/docs/static/swagger-ui.css', 'GET, HEAD, OPTIONS'],
    ]) {
      const reply = await ask(method, path)
      await isProblemResponse(t, reply, 'method_not_allowed')
      t.equal(reply.headers.get('allow'), allow, `${method} ${path}`)
    }
    for (const method of ['GET', 'POST', 'DELETE', 'PROPFIND']) {
      await isProblemResponse(t, await ask(method, '/nothing'), 'not_found')
    }
  },
)

t.test('HEAD is answered as GET, without the body', async (t) => {
  // Of the reply itself: the client closes the connection after HEAD.
  const passing = ['date', 'x-request-id', 'connection', 'keep-alive']
  const lasting = (headers: Headers) => Object.fromEntries([...headers].filter(([name]) => !passing.includes(name)))
  for (const path of ['/', '/docs/', '/docs/static/swagger-ui.css', '/openapi.json', '/health/live', '/health/ready']) {
    const [get, head] = [await ask('GET', path), await ask('HEAD', path)]
    t.equal(head.status, get.status, path)
    t.same(lasting(head.headers), lasting(get.headers), path)
    t.equal(head.headers.get('content-length'), String((await get.arrayBuffer()).byteLength), path)
    t.equal(await head.text(), '')
  }
  // What is not there has a length, and no body that the next reply would be taken from.
  const connection = await RawConnection.open(service.url)
  await connection.send(
    'HEAD /compare HTTP/1.1\r\nhost: a\r\n\r\nHEAD /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
  )
  await connection.closed
  const heads = connection.received.split('\r\n\r\n')
  t.match(heads[0], /^HTTP\/1.1 405 [\s\S]*content-length: [1-9]/)
  t.match(heads[1], /^HTTP\/1.1 404 [\s\S]*content-length: [1-9]/)
  t.equal(heads[2], '')
  t.equal(heads.length, 3)
})

t.test('whoever sends a byte at a time is ended in time, and holds no place meanwhile', async (t) => {
  const all = {
    nothing: '',
    'a header': formHead(1000),
    'a form': `${formHead(100_000)}${filePart('live_image')}`,
  }
  const started = performance.now()
  const slow = await Promise.all(
    Object.entries(all).map(async ([what, text]) => {
      const connection = await RawConnection.open(service.url)
      const head = what === 'a form' ? formHead(100_000) : ''
      await connection.send(head)
      return { what, connection, rest: [...text.slice(head.length), ...'x'.repeat(1000)] }
    }),
  )
  const trickles = slow.map(async ({ what, connection, rest }) => {
    for (const byte of what === 'nothing' ? [] : rest) {
      if (connection.socket.destroyed) break
      await connection.send(byte).catch(() => {})
      await sleep(100)
    }
    await connection.closed
    return { what, received: connection.received, seconds: (performance.now() - started) / 1000 }
  })
  let ended = 0
  for (const trickle of trickles) void trickle.then(() => ended++)
  await until('somebody else is served', async () => {
    const reply = await service.compare(portraits.path(0), portraits.path(1))
    await reply.text()
    return reply.status === 200
  })
  t.equal(ended, 0, 'while they are still at it')
  for (const { what, received, seconds } of await Promise.all(trickles)) {
    const [head, body] = received.split('\r\n\r\n')
    const contentType = /^content-type: (.*)$/im.exec(head)?.[1]
    isProblem(t, { status: Number(head.split(' ')[1]), contentType, body }, 'request_timeout')
    t.ok(seconds > UPLOAD_TIMEOUT / 2, `${what} was given its time`)
  }
  t.same(service.requestFiles(), [])
})

t.test('forms with more parts, longer names or longer values than anybody needs are refused', async (t) => {
  const part = (name: string, value = 'x') =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  for (const [code, body] of [
    ['too_many_parts', part('note').repeat(MAX_PARTS + 1)],
    ['too_many_parts', `${filePart('note')}\r\n`.repeat(MAX_FILES + 1)],
    ['malformed_form', part('threshold', '0'.repeat(MAX_VALUE_BYTES + 1))],
  ] as const) {
    const connection = await RawConnection.open(service.url)
    const form = `${body}--${BOUNDARY}--\r\n`
    await connection.send(formHead(form.length, '/compare', 'connection: close') + form)
    await connection.closed
    t.match(connection.received, `"code":"${code}"`)
  }
})

t.test(
  'a client that sends hundreds of requests at once gets some of them answered, and the others refused',
  async (t) => {
    const connection = await RawConnection.open(service.url)
    await connection.send('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(900))
    await connection.closed
    const answers = [...connection.received.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status)
    t.same([...new Set(answers)], ['200', '503'])
    t.equal(answers.filter((status) => status === '200').length, MOST_WAITING)
  },
)

t.test('a client may keep its connection, though not for ever', async (t) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const get = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(`${service.url}/health/live`, { agent }, (reply) => {
        reply.resume().once('end', () => resolve(reply))
      })
      sent.once('error', reject).end()
    })
  t.equal((await get()).headers['keep-alive'], 'timeout=72, max=1000')
  for (let sent = 2; sent < 1000; sent++)
    if ((await get()).headers.connection !== 'keep-alive') t.fail(`closed after ${sent}`)
  t.equal((await get()).headers.connection, 'close')
  t.equal((await get()).headers.connection, 'keep-alive', 'on a new one')
})

t.test('with all connections in use others are turned away; those that only wait give way', async (t) => {
  const opened: RawConnection[] = []
  t.teardown(() => {
    for (const { socket } of opened) socket.destroy()
  })
  const waiting = await RawConnection.open(service.url)
  opened.push(waiting)
  await waiting.send('GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n')
  await waiting.until('"live"')
  // Requests that lack their last byte: who has an answer has a place. The last of them takes that of the one that waits.
  while (opened.length <= MAX_CONNECTIONS) {
    const connection = await RawConnection.open(service.url)
    await connection.send('POST /nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\n').catch(() => {})
    if (
      await connection.until('not_found').then(
        () => true,
        () => false,
      )
    )
      opened.push(connection)
  }
  await waiting.closed
  await until('it is in the log', async () => {
    const extra = await RawConnection.open(service.url)
    await extra.closed
    t.equal(extra.received, '')
    return service.log.some(({ level, msg }) => level === 40 && msg?.includes('FACEMETRIC_MAX_CONNECTIONS'))
  })
  const [, inUse] = opened
  await inUse.send('xGET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  await inUse.closed
  t.match(inUse.received, '"live"', 'who is in is served')
  await until(
    'there is room again',
    async () => (await ask('GET', '/health/live').catch(() => undefined))?.status === 200,
  )
})
