import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { facemetric } from '../../index.js'
import { COMPARISON, fakeEngine } from '../fake-engine.js'
import { formRequest, pictures } from '../forms.js'
import { isInjectedProblem } from '../problems.js'

/** Somebody else's app, with ways of its own. */
function hostApp(t: Test) {
  const app = Fastify()
  t.teardown(() => app.close())
  app.setErrorHandler((_error, _request, reply) => reply.code(418).send('the host is a teapot'))
  app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing of the host'))
  app.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
    payload.resume()
    done(null, 'a form of the host')
  })
  app.setValidatorCompiler(() => () => {
    throw new Error('this host checks nothing')
  })
  app.setSerializerCompiler(() => () => '"this host has one answer"')
  app.get('/answer', { schema: { response: { 200: { type: 'object' } } } }, async () => ({}))
  app.post('/form', async ({ body }) => body)
  app.post('/fail', async () => {
    throw new Error('of the host')
  })
  return app
}

t.test('another app gets the route under a prefix, and the engine', async (t) => {
  const app = hostApp(t)
  const engine = fakeEngine()
  app.register(facemetric, { prefix: '/faces', faceEngine: engine, tempDir: t.testdir() })
  const reply = await app.inject(await formRequest(pictures(), '/faces/compare'))
  t.equal(reply.statusCode, 200, reply.body)
  t.same(reply.json(), COMPARISON)
  t.equal(app.faceEngine, engine)
  const refused = await app.inject(await formRequest(pictures(['threshold', '3']), '/faces/compare'))
  isInjectedProblem(t, refused, 'invalid_threshold', 'threshold')
  isInjectedProblem(t, await app.inject({ method: 'POST', url: '/faces/compare' }), 'unsupported_media_type')
})

t.test('without a prefix the route is at /compare', async (t) => {
  const app = hostApp(t)
  app.register(facemetric, { faceEngine: fakeEngine(), tempDir: t.testdir() })
  t.equal((await app.inject(await formRequest(pictures()))).statusCode, 200)
})

t.test('nothing else of the other app changes', async (t) => {
  const app = hostApp(t)
  app.register(facemetric, { prefix: '/faces', faceEngine: fakeEngine(), tempDir: t.testdir() })
  t.equal((await app.inject(await formRequest(pictures(), '/form'))).body, 'a form of the host')
  t.equal((await app.inject({ method: 'POST', url: '/form', payload: { a: 1 } })).body, '{"a":1}')
  t.equal((await app.inject({ method: 'POST', url: '/fail' })).body, 'the host is a teapot')
  t.equal((await app.inject('/answer')).body, '"this host has one answer"')
  t.equal((await app.inject('/nothing')).body, 'nothing of the host')
  t.equal((await app.inject('/')).statusCode, 404, 'no page of ours')
})

t.test('an engine that was handed in is left to its owner', async (t) => {
  let closed = false
  const engine = fakeEngine(undefined, {
    close: async () => {
      closed = true
    },
  })
  const app = hostApp(t)
  app.register(facemetric, { faceEngine: engine, tempDir: t.testdir() })
  await app.ready()
  await app.close()
  t.notOk(closed)
})

t.test('a wrong option is an error that names it', async (t) => {
  const app = hostApp(t)
  app.register(facemetric, { faceEngine: fakeEngine(), maxPixels: 0 })
  await t.rejects(async () => app.ready(), { message: /FACEMETRIC_MAX_PIXELS must be >= 1; got 0/ })
})
