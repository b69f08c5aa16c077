import t from 'tap'
import { buildApp } from '../../app.js'
import type { Readiness } from '../../lib/face-engine.js'
import { fakeEngine } from '../fake-engine.js'
import { isInjectedProblem } from '../problems.js'

const config = { logLevel: 'silent' } as const

t.test('the service says that it lives, and with which engine it is ready', async (t) => {
  const app = buildApp({ faceEngine: fakeEngine(), config: { ...config, tempDir: t.testdir() } })
  t.teardown(() => app.close())
  t.same((await app.inject('/health/live')).json(), { status: 'live' })
  const ready = await app.inject('/health/ready')
  t.equal(ready.statusCode, 200)
  t.same(ready.json(), { status: 'ready', engine: 'onnx', description: 'an engine for tests', failed: [] })
})

t.test('it is not ready while its engine is not, and says why', async (t) => {
  let readiness: Readiness = { ready: false, reason: 'still loading' }
  const faceEngine = fakeEngine(undefined, { readiness: () => readiness })
  const app = buildApp({ faceEngine, config: { ...config, tempDir: t.testdir() } })
  t.teardown(() => app.close())
  const reply = await app.inject('/health/ready')
  t.match(isInjectedProblem(t, reply, 'not_ready'), /still loading/)
  t.ok(Number(reply.headers['retry-after']) > 0)
  t.equal((await app.inject('/health/live')).statusCode, 200, 'which is no reason to kill it')
  readiness = { ready: true }
  t.equal((await app.inject('/health/ready')).statusCode, 200)
})
