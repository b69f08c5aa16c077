import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { Problem } from '../../lib/problem.js'
import { type Portraits, writePortraits } from '../portraits.js'
import { Service } from '../service.js'
import { until } from '../until.js'
import { Nginx, nginxProblem } from './nginx.js'

const run = promisify(execFile)
const skip = nginxProblem() ?? false

interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

/** A request through the proxy, sent by curl, which speaks HTTP/2 and checks the certificate. */
async function request(nginx: Nginx, target: string, ...args: string[]): Promise<Reply> {
  const { stdout } = await run('curl', [...nginx.curlArguments, '--include', ...args, nginx.url + target])
  const heads = stdout.split('\r\n\r\n')
  const start = heads.findLastIndex((head) => head.startsWith('HTTP/')) // before it may come a 100 Continue
  const [statusLine, ...lines] = heads[start].split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => [line.split(': ')[0].toLowerCase(), line.split(': ')[1]]))
  return { status: Number(statusLine.split(' ')[1]), headers, body: heads.slice(start + 1).join('\r\n\r\n') }
}

function pair(reference: string, live: string): string[] {
  return ['--form', `reference_image=@${reference}`, '--form', `live_image=@${live}`]
}

function addressOf({ url }: Service): string {
  return new URL(url).host
}

/** Whether a replica has taken a comparison in and not answered it. */
function isBusy({ log }: Service): boolean {
  const requests = new Set(log.filter(({ msg }) => msg === 'arrived').map(({ reqId }) => reqId))
  for (const { status, reqId } of log) if (status !== undefined) requests.delete(reqId)
  return requests.size > 0
}

/** Keeps four comparisons under way until `during` is over. */
async function underLoad(nginx: Nginx, photos: Portraits, during: () => Promise<void>) {
  const replies: (Reply & { sent: number })[] = []
  let over = false
  const clients = Array.from({ length: 4 }, async () => {
    while (!over) {
      const sent = performance.now()
      replies.push({ ...(await request(nginx, '/compare', ...pair(photos.path(0), photos.path(1)))), sent })
    }
  })
  await during().finally(() => {
    over = true
  })
  await Promise.all(clients)
  return replies
}

/** Two replicas and a proxy in front of them, until the test is over. */
async function startAll(t: Test) {
  const photos = await writePortraits()
  t.teardown(() => photos.remove())
  const env = {
    FACEMETRIC_WORKERS: '1',
    FACEMETRIC_LOG_LEVEL: 'debug',
    FACEMETRIC_LOG_ADDRESS: 'full',
    TRUST_PROXY: '127.0.0.1',
  }
  const replicas = await Promise.all([Service.start({ env }), Service.start({ env })])
  t.teardown(() => Promise.all(replicas.map((replica) => replica.stop())))
  const nginx = await Nginx.start([addressOf(replicas[0]), addressOf(replicas[1])])
  t.teardown(() => nginx.stop())
  return { nginx, photos, replicas }
}

t.test('two replicas behind nginx', { skip }, async (t) => {
  const { nginx, photos, replicas } = await startAll(t)

  await t.test('a pair is compared through it, over TLS and HTTP/2', async (t) => {
    const same = await request(nginx, '/compare', ...pair(photos.path(0), photos.path(0)))
    t.equal(same.status, 200)
    t.equal(JSON.parse(same.body).identical, true)
    t.match(same.headers['strict-transport-security'], /max-age/)
    const other = await request(nginx, '/compare', ...pair(photos.path(0), photos.path(1)))
    t.equal(JSON.parse(other.body).identical, false)
    const { stdout } = await run('curl', [
      ...nginx.curlArguments,
      '-o',
      '/dev/null',
      '-w',
      '%{http_version}',
      nginx.url,
    ])
    t.equal(stdout, '2')
  })

  await t.test('plain HTTP is sent to HTTPS', async (t) => {
    const reply = await fetch(`http://127.0.0.1:${nginx.httpPort}/docs?a=b`, { redirect: 'manual' })
    t.equal(reply.status, 308)
    t.equal(reply.headers.get('location'), 'https://127.0.0.1/docs?a=b')
  })

  await t.test('both replicas get work', async (t) => {
    await underLoad(nginx, photos, () => sleep(2000))
    for (const { log } of replicas) t.ok(log.some(({ status }) => status === 200))
  })

  await t.test('a form that is too large is refused by nginx as the service would', async (t) => {
    const file = path.join(photos.folder, 'large.bin')
    writeFileSync(file, Buffer.alloc(42 * 2 ** 20))
    const reply = await request(nginx, '/compare', ...pair(file, photos.path(0)))
    t.equal(reply.status, 413)
    t.equal(reply.headers['content-type'], 'application/problem+json')
    t.same(JSON.parse(reply.body), new Problem('form_too_large').toJSON())
    t.notOk(
      replicas.some(({ log }) => log.some(({ status }) => status === 413)),
      'no replica heard of it',
    )
  })

  await t.test('what a replica refuses in the middle of an upload reaches the client', async (t) => {
    const file = path.join(photos.folder, 'too-large.jpg')
    writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(21 * 2 ** 20)]))
    const reply = await request(nginx, '/compare', ...pair(file, photos.path(0)))
    t.equal(reply.status, 413)
    t.equal(JSON.parse(reply.body).code, 'file_too_large')
  })

  await t.test('a replica knows the address of the client, not that of nginx, whatever the client says', async (t) => {
    const client = '127.0.0.5'
    const sent = ['--interface', client, '--header', 'X-Forwarded-For: 203.0.113.9']
    const reply = await request(nginx, '/compare', ...sent, ...pair(photos.path(0), photos.path(1)))
    const { 'x-request-id': reqId } = reply.headers
    const line = () => replicas.flatMap(({ log }) => log).find((entry) => entry.reqId === reqId && entry.status === 200)
    await until('the request is in the log', () => line() !== undefined)
    t.match(line(), { client })
  })

  await t.test('metrics stay inside', async (t) => {
    const reply = await request(nginx, '/metrics')
    t.equal(reply.status, 404)
    t.same(JSON.parse(reply.body), new Problem('not_found').toJSON())
  })

  await t.test('a replica that is stopped in an orderly way costs no request', async (t) => {
    const replies = await underLoad(nginx, photos, async () => {
      await sleep(1000)
      replicas[1].kill('SIGTERM')
      await replicas[1].exited
      await sleep(1000)
    })
    t.ok(replies.length > 4)
    t.same(
      replies.filter(({ status }) => status !== 200),
      [],
    )
  })
})

t.test('a replica killed under load costs no request that is sent after it is gone', { skip }, async (t) => {
  const { nginx, photos, replicas } = await startAll(t)
  let gone = 0
  const replies = await underLoad(nginx, photos, async () => {
    await sleep(1500)
    await until('it is comparing', () => isBusy(replicas[0]))
    replicas[0].kill('SIGKILL')
    await replicas[0].exited
    gone = performance.now()
    await sleep(2500)
  })
  const failed = replies.filter(({ status }) => status !== 200)
  t.ok(replies.length > 8, `${replies.length} requests`)
  t.ok(replies.some(({ status, sent }) => status === 200 && sent > gone))
  for (const { status, headers, body, sent } of failed) {
    t.ok(sent < gone)
    t.equal(status, 503)
    t.equal(headers['retry-after'], '5')
    t.same(JSON.parse(body), new Problem('not_ready').toJSON())
  }
})

t.test('replicas are told who asks, whatever the client says', { skip }, async (t) => {
  const seen: IncomingHttpHeaders[] = []
  const upstream = createServer((request, reply) => {
    seen.push(request.headers)
    reply.end('{}')
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const address = upstream.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  const replica = `127.0.0.1:${address.port}`
  const nginx = await Nginx.start([replica, replica])
  t.teardown(async () => {
    await nginx.stop()
    upstream.close()
  })
  const lies = ['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Proto: gopher', 'X-Request-Id: mine']
  await request(nginx, '/health/live', ...lies.flatMap((lie) => ['--header', lie]))
  const [headers] = seen
  t.equal(headers['x-forwarded-for'], '127.0.0.1')
  t.equal(headers['x-forwarded-proto'], 'https')
  t.equal(headers['x-forwarded-host'], `localhost:${nginx.httpsPort}`)
  t.match(headers['x-request-id'], /^[0-9a-f]{32}$/)
})
