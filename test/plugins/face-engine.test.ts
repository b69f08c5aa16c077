import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import { buildApp } from '../../app.js'
import type { FaceEngine } from '../../lib/face-engine.js'
import type { StartedFaceEngine } from '../../lib/start-face-engine.js'
import { facemetric } from '../../plugins/facemetric.js'
import { fakeEngine } from '../fake-engine.js'

/** An engine that was started before the app, as a service does. */
function started(engine: Promise<FaceEngine> = Promise.resolve(fakeEngine())) {
  const state = { closed: false }
  const startedEngine: StartedFaceEngine = {
    engine,
    onEvent() {},
    async close() {
      state.closed = true
    },
  }
  return { startedEngine, state }
}

t.test(
  'an engine that was started for an app is closed with it, also where another part of the app fails',
  async (t) => {
    const nowhere = '/no/such/place'
    for (const build of [
      ({ startedEngine }: ReturnType<typeof started>) =>
        buildApp({ startedEngine, config: { tempDir: nowhere, logLevel: 'silent' } }),
      ({ startedEngine }: ReturnType<typeof started>) => {
        const app = Fastify()
        app.register(facemetric, { startedEngine, tempDir: nowhere })
        return app
      },
    ]) {
      const engine = started()
      const app = build(engine)
      await t.rejects(async () => await app.ready(), /Cannot keep temporary files in \/no\/such\/place/)
      t.equal(engine.state.closed, false)
      await app.close()
      t.equal(engine.state.closed, true)
    }
  },
)

t.test('an app is ready only once that is done which it does while its engine starts', async (t) => {
  const { startedEngine } = started()
  let begin = () => {}
  let finish = () => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const meanwhile = () => {
    begin()
    return finished
  }
  const app = buildApp({
    startedEngine: { ...startedEngine, meanwhile },
    config: { tempDir: t.testdir(), logLevel: 'silent' },
  })
  t.teardown(() => app.close())
  let isReady = false
  const ready = app.ready().then(() => {
    isReady = true
  })
  await begun
  await sleep(100)
  t.equal(isReady, false)
  finish()
  await ready
})
