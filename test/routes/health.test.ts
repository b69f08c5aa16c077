import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { buildApp } from '../../app.js'
import type { Config } from '../../lib/config.js'
import type { FaceEngine, Readiness } from '../../lib/face-engine.js'
import type { PoolStats } from '../../lib/pool/describer-pool.js'
import { fakeEngine } from '../fake-engine.js'
import { LogLines } from '../log-lines.js'
import { isInjectedProblem } from '../problems.js'
import { RedisServer, redisProblem } from '../redis.js'
import { until } from '../until.js'

function start(t: Test, engine: Partial<FaceEngine> = {}, config: Partial<Config> = {}) {
  const tempDir = t.testdir()
  const faceEngine = fakeEngine(undefined, engine)
  const app = buildApp({ faceEngine, logStream: new LogLines(), config: { tempDir, ...config } })
  t.teardown(() => app.close())
  const ask = () => app.inject('/health/ready')
  return { app, ask, tempDir }
}

t.test('the service says that it lives, with which engine it is ready, and how each part is', async (t) => {
  const { app, ask } = start(t)
  t.same((await app.inject('/health/live')).json(), { status: 'live' })
  const ready = await ask()
  t.equal(ready.statusCode, 200)
  t.same(ready.json(), {
    status: 'ready',
    engine: 'onnx',
    description: 'an engine for tests',
    failed: [],
    parts: { engine: { status: 'ok' }, queue: { status: 'ok' }, storage: { status: 'ok' } },
  })
})

t.test('it is not ready while its engine is not, and says why', async (t) => {
  let readiness: Readiness = { ready: false, reason: 'still loading' }
  const { app, ask } = start(t, { readiness: () => readiness })
  const reply = await ask()
  t.match(isInjectedProblem(t, reply, 'not_ready'), /engine: still loading/)
  t.match(reply.json(), { parts: { engine: { status: 'failed', detail: 'still loading' }, storage: { status: 'ok' } } })
  t.ok(Number(reply.headers['retry-after']) > 0)
  t.equal((await app.inject('/health/live')).statusCode, 200, 'which is no reason to kill it')
  readiness = { ready: true }
  t.equal((await ask()).statusCode, 200)
})

t.test('of processes and queue it tells how many; with some of them it goes on', async (t) => {
  const stats: PoolStats = {
    queued: 8,
    queueLimit: 8,
    busy: 1,
    restarts: 3,
    processes: [
      { state: 'busy', restarts: 0 },
      { state: 'paused', restarts: 3, reason: 'ended with code 1' },
    ],
  }
  const reply = await start(t, { stats: () => stats }).ask()
  t.equal(reply.statusCode, 200)
  t.match(reply.json().parts, {
    engine: { status: 'degraded', detail: '1 of 2 inference processes ready' },
    queue: { status: 'degraded', detail: '8 comparisons wait, 8 may' },
  })
})

t.test('without its temporary folder it is not ready', async (t) => {
  const { ask, tempDir } = start(t)
  t.equal((await ask()).statusCode, 200)
  // As a cleaner of old files does.
  for (const name of readdirSync(tempDir)) rmSync(path.join(tempDir, name), { recursive: true })
  const reply = await ask()
  t.match(isInjectedProblem(t, reply, 'not_ready'), 'storage: the temporary folder cannot be written to')
  t.notMatch(reply.body, tempDir)
})

t.test('a disk without room for the largest photos is told, and small ones are compared', async (t) => {
  const reply = await start(t, {}, { maxFileBytes: Number.MAX_SAFE_INTEGER }).ask()
  t.equal(reply.statusCode, 200)
  t.match(reply.json().parts.storage, { status: 'degraded', detail: /less room/ })
})

t.test('strangers learn no path of the machine', async (t) => {
  const secret =
    "Cannot find module '/srv/secret/libtensorflow.so.2': open file:///srv/secret/a.node or C:\\secret\\b.dll."
  const ready = await start(t, { failed: [{ runtime: 'tensorflow', reason: secret }] }).ask()
  t.equal(ready.json().failed[0].reason, "Cannot find module '…': open … or ….")
  const failing = await start(t, { readiness: () => ({ ready: false, reason: `the last one ${secret}` }) }).ask()
  t.equal(failing.statusCode, 503)
  t.match(failing.body, 'the last one Cannot find module')
  t.notMatch(failing.body, 'secret')
})

t.test(
  'a Redis that does not answer is told, and the service goes on',
  { skip: redisProblem() ?? false },
  async (t) => {
    const redis = await RedisServer.start()
    t.teardown(() => redis.stop())
    const { ask } = start(t, {}, { rateLimit: 10, redisUrl: redis.url })
    const state = async () => (await ask()).json().parts.redis.status
    await until('Redis is reached', async () => (await state()) === 'ok')
    await redis.stop()
    await until('Redis is missed', async () => (await state()) === 'degraded')
    t.equal((await ask()).statusCode, 200)
  },
)
