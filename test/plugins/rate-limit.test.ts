import t, { type Test } from 'tap'
import { buildApp } from '../../app.js'
import { fakeEngine } from '../fake-engine.js'
import { isInjectedProblem, isProblemResponse } from '../problems.js'
import { RedisServer, redisProblem } from '../redis.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)

const WEB_KEY = 'the-key-of-the-web-backend'

function appOf(t: Test, config: object) {
  const app = buildApp({
    faceEngine: fakeEngine(),
    config: { logLevel: 'silent', tempDir: t.testdir(), trustProxy: '1', ...config },
  })
  t.teardown(() => app.close())
  const ask = (address: string, url = '/compare', headers: Record<string, string> = {}) =>
    app.inject({
      method: url === '/compare' ? 'POST' : 'GET',
      url,
      headers: { 'x-forwarded-for': address, ...headers },
    })
  return { app, ask }
}

const TOGETHER = 'limits are counted in Redis'
const ALONE = 'Redis does not answer'

/** A request that counts and costs nothing more: it has no form. */
const ask = (service: Service) => fetch(`${service.url}/compare`, { method: 'POST' })

t.test('a client is the same whatever port its proxy tells', async (t) => {
  const { ask } = appOf(t, { rateLimit: 2 })
  const statuses = []
  for (const port of [1001, 1002, 1003]) statuses.push((await ask(`203.0.113.7:${port}`)).statusCode)
  t.same(statuses, [415, 415, 429])
})

t.test(
  'guessing a key is limited also where it is tried on the metrics, which who has one may read at will',
  async (t) => {
    const { ask } = appOf(t, { rateLimit: 2, apiKeys: `web:${WEB_KEY}` })
    const statuses = []
    for (const key of ['wrong-1', 'wrong-2', 'wrong-3'])
      statuses.push((await ask('192.0.2.1', '/metrics', { 'x-api-key': key })).statusCode)
    t.same(statuses, [401, 401, 429])
    for (let asked = 0; asked < 5; asked++)
      t.equal((await ask('192.0.2.2', '/metrics', { 'x-api-key': WEB_KEY })).statusCode, 200)
  },
)

t.test('unless it is set there is no limit', async (t) => {
  const { ask } = appOf(t, {})
  for (let sent = 0; sent < 50; sent++) {
    const { statusCode, headers } = await ask('192.0.2.1')
    t.equal(statusCode, 415)
    t.notOk('ratelimit-limit' in headers)
  }
})

t.test('who sends too much is told when to come back; others go on', async (t) => {
  const { ask } = appOf(t, { rateLimit: 3, rateWindow: 2 })
  for (const remaining of ['2', '1', '0']) {
    const { statusCode, headers } = await ask('192.0.2.1')
    t.equal(statusCode, 415)
    t.match(headers, { 'ratelimit-limit': '3', 'ratelimit-remaining': remaining, 'ratelimit-reset': /^[12]$/ })
    t.notOk('retry-after' in headers)
  }
  const refused = await ask('192.0.2.1')
  t.match(isInjectedProblem(t, refused, 'rate_limited'), /^More than 3 requests in 2 s: come back in [12] s\.$/)
  t.match(refused.headers, { 'ratelimit-remaining': '0', 'retry-after': /^[12]$/ })
  t.equal((await ask('192.0.2.2')).statusCode, 415)
  await until('the window is over', async () => (await ask('192.0.2.1')).statusCode === 415, 5)
})

t.test('one IPv6 network is one client, however many addresses it has', async (t) => {
  const { ask } = appOf(t, { rateLimit: 2 })
  const statuses = []
  for (const address of ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3', '2001:db8:0:1::1', '::ffff:192.0.2.9']) {
    statuses.push((await ask(address)).statusCode)
  }
  t.same(statuses, [415, 415, 429, 415, 415])
})

t.test('a key has a count of its own, from wherever it is sent; guessing keys counts for the address', async (t) => {
  const { ask } = appOf(t, { rateLimit: 2, apiKeys: `web:${WEB_KEY}` })
  const withKey = (address: string, key: string) => ask(address, '/compare', { 'x-api-key': key })
  const statuses = []
  for (const [address, key] of [
    ['192.0.2.1', WEB_KEY],
    ['192.0.2.2', WEB_KEY],
    ['192.0.2.3', WEB_KEY],
    ['192.0.2.3', 'a guess'],
    ['192.0.2.3', 'another guess'],
    ['192.0.2.3', 'a third guess'],
  ]) {
    statuses.push((await withKey(address, key)).statusCode)
  }
  t.same(statuses, [415, 415, 429, 401, 401, 429])
})

t.test('probes, page and description have no limit', async (t) => {
  const { ask } = appOf(t, { rateLimit: 1 })
  for (const url of ['/health/live', '/health/ready', '/', '/docs/', '/openapi.json']) {
    for (let sent = 0; sent < 3; sent++) t.equal((await ask('192.0.2.1', url)).statusCode, 200, url)
  }
})

t.test('two replicas count together in Redis', { skip: redisProblem() ?? false }, async (t) => {
  const redis = await RedisServer.start()
  t.teardown(() => redis.stop())
  const env = { FACEMETRIC_WORKERS: '0', FACEMETRIC_RATE_LIMIT: '6', REDIS_URL: redis.url }
  const replicas = await Promise.all([Service.start({ env }), Service.start({ env })])
  t.teardown(() => Promise.all(replicas.map((replica) => replica.stop())))
  const [one, two] = replicas
  const lines = ({ log }: Service, start: string) => log.filter(({ msg }) => msg?.startsWith(start)).length
  const remaining = async (replica: Service) => (await ask(replica)).headers.get('ratelimit-remaining')

  await t.test('so that a client has no more than its limit of them all', async (t) => {
    await until('both have reached it', () => replicas.every((replica) => lines(replica, TOGETHER) === 1))
    const left = []
    for (const replica of [one, two, two, one, one, two]) left.push(await remaining(replica))
    t.same(left, ['5', '4', '3', '2', '1', '0'])
    for (const replica of replicas) await isProblemResponse(t, await ask(replica), 'rate_limited')
  })

  await t.test('a Redis that hangs holds nobody up: each counts for itself', async (t) => {
    redis.kill('SIGSTOP')
    const started = performance.now()
    const left = []
    for (const replica of [one, one, two]) left.push(await remaining(replica))
    t.same(left, ['5', '4', '5'])
    t.ok(performance.now() - started < 1500)
    redis.kill('SIGCONT')
    await until('they count together again', async () => (await remaining(two)) === '0' && lines(two, TOGETHER) >= 2)
  })

  await t.test('a Redis that is gone is said once, and back when it is back', async (t) => {
    const before = lines(two, ALONE)
    const reached = replicas.map((replica) => lines(replica, TOGETHER))
    await redis.stop()
    t.equal((await ask(one)).status, 415)
    t.equal((await ask(one)).status, 415)
    await until('the log says so', () => lines(two, ALONE) > before)
    await redis.start()
    await until('it is reached again', () => replicas.every((replica, i) => lines(replica, TOGETHER) > reached[i]))
    t.equal(await remaining(one), '5')
    t.equal(await remaining(two), '4')
    t.equal(lines(two, ALONE), before + 1)
    t.notMatch(JSON.stringify(one.log), redis.password)
  })
})

t.test('a service whose Redis is not there starts, and says so', async (t) => {
  const env = { FACEMETRIC_WORKERS: '0', FACEMETRIC_RATE_LIMIT: '1', REDIS_URL: 'redis://127.0.0.1:1' }
  const service = await Service.start({ env })
  t.teardown(() => service.stop())
  t.equal((await ask(service)).status, 415)
  t.equal((await ask(service)).status, 429)
  t.ok(service.log.some(({ level, msg }) => level === 40 && msg?.startsWith(ALONE)))
})
