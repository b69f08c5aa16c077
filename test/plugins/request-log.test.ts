import t, { type Test } from 'tap'
import { buildApp } from '../../app.js'
import type { Config } from '../../lib/config.js'
import { UnavailableError } from '../../lib/errors.js'
import type { FaceEngine } from '../../lib/face-engine.js'
import { endlessEngine, fakeEngine } from '../fake-engine.js'
import { formRequest, pictures } from '../forms.js'
import { LogLines } from '../log-lines.js'
import { writePortraits } from '../portraits.js'
import { formHead, RawConnection } from '../raw-request.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)

function start(t: Test, faceEngine: FaceEngine, config: Partial<Config> = {}) {
  const log = new LogLines()
  const app = buildApp({ faceEngine, logStream: log, config: { tempDir: t.testdir(), ...config } })
  t.teardown(() => app.close())
  return { app, log }
}

async function listen(t: Test, faceEngine: FaceEngine, config: Partial<Config> = {}) {
  const { app, log } = start(t, faceEngine, config)
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), log }
}

t.test('a comparison is one line: what was asked, how it went, how long it took', async (t) => {
  const { app, log } = start(t, fakeEngine())
  await app.inject(await formRequest(pictures(), '/compare?secret=1'))
  const lines = log.lines.filter(({ reqId }) => reqId !== undefined)
  t.equal(lines.length, 1)
  const [line] = lines
  t.match(line, { level: 30, method: 'POST', route: '/compare', status: 200, identical: true, engine: 'onnx' })
  t.match(line, { client: '127.0.0.0/24', msg: /^POST \/compare 200 in \d+ ms: identical$/ })
  t.ok(Number(line.milliseconds) > 0)
  t.notMatch(JSON.stringify(line), /secret|distance|threshold|photo/)
})

t.test('the distance is told at level debug alone', async (t) => {
  const { app, log } = start(t, fakeEngine(), { logLevel: 'debug' })
  await app.inject(await formRequest(pictures()))
  t.match(log.outcomes, [{ distance: 0.25, threshold: 0.5, path: '/compare' }])
})

t.test('of a client as much is told as the setting lets be', async (t) => {
  const told: [logAddress: Config['logAddress'], client: string | undefined][] = [
    ['off', undefined],
    ['masked', '127.0.0.0/24'],
    ['full', '127.0.0.1'],
  ]
  for (const [logAddress, client] of told) {
    const { app, log } = start(t, fakeEngine(), { logAddress })
    await app.inject('/no/such/page')
    t.equal(log.outcomes[0].client, client, logAddress)
  }
})

t.test('what is refused is one line with its code, without the path that a client made up', async (t) => {
  const { app, log } = start(t, fakeEngine())
  await app.inject(await formRequest([['live_image', 'text']]))
  await app.inject('/photos/anna.jpg')
  await app.inject('/%zz')
  await app.inject({ method: 'PUT', url: '/compare' })
  t.equal(log.lines.filter(({ reqId }) => reqId !== undefined).length, 4)
  t.match(log.outcomes, [
    { level: 30, route: '/compare', status: 400, code: 'file_expected', field: 'live_image' },
    { method: 'GET', status: 404, code: 'not_found' },
    { method: 'GET', status: 400, code: 'bad_request' },
    { method: 'PUT', status: 405, code: 'method_not_allowed' },
  ])
  t.notMatch(JSON.stringify(log.lines), 'anna')
})

t.test('what cannot be done just now is a warning, a fault an error with its cause', async (t) => {
  const failures = [new UnavailableError('busy', 'Too much to do.', 1), new Error('a fault inside')]
  const { app, log } = start(
    t,
    fakeEngine(async () => {
      throw failures.shift()
    }),
  )
  await app.inject(await formRequest(pictures()))
  await app.inject(await formRequest(pictures()))
  t.match(log.outcomes, [
    { level: 40, status: 503, code: 'busy', err: undefined },
    { level: 50, status: 500, code: 'internal_error', err: { message: 'a fault inside', stack: /request-log/ } },
  ])
})

t.test('probes are not told of, unless they find something', async (t) => {
  let ready = true
  const engine = fakeEngine(undefined, {
    readiness: () => (ready ? { ready } : { ready, reason: 'no process' }),
  })
  const { app, log } = start(t, engine)
  await app.inject('/health/live')
  await app.inject('/health/ready')
  ready = false
  await app.inject('/health/ready')
  t.match(log.outcomes, [{ level: 40, route: '/health/ready', status: 503, code: 'not_ready' }])
  t.equal(log.outcomes.length, 1)
})

t.test('a client that leaves before its answer is one line, with status 499', async (t) => {
  const { engine, started } = endlessEngine()
  const { url, log } = await listen(t, engine)
  const leave = new AbortController()
  const { payload, headers } = await formRequest(pictures())
  const request = fetch(`${url}/compare`, { method: 'POST', body: payload, headers, signal: leave.signal })
  await started
  leave.abort()
  await request.catch(() => {})
  await until('it is told', () => log.outcomes.length > 0)
  const upload = await RawConnection.open(url)
  await upload.send(formHead(1000))
  upload.socket.end()
  await until('it is told', () => log.outcomes.length > 1)
  for (const line of log.outcomes) {
    t.match(line, { route: '/compare', status: 499, code: 'client_closed_request', client: '127.0.0.0/24' })
  }
  t.equal(log.outcomes.length, 2)
})

t.test('requests that are none, and those that never arrive, are a line each', async (t) => {
  const { url, log } = await listen(t, fakeEngine(), { uploadTimeout: 1 })
  const nonsense = await RawConnection.open(url)
  await nonsense.send('GARBAGE\r\n\r\n')
  await nonsense.closed
  const slow = await RawConnection.open(url)
  await slow.send(formHead(1000))
  await slow.closed
  await until('both are told', () => log.outcomes.length >= 2)
  t.equal(log.outcomes.length, 2)
  t.match(log.outcomes[0], { level: 30, status: 400, code: 'bad_request', client: '127.0.0.0/24' })
  t.match(log.outcomes[1], { route: '/compare', status: 408, code: 'request_timeout' })
})

t.test('the phases of a comparison add up to its time, also under load', async (t) => {
  const portraits = await writePortraits()
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '2', FACEMETRIC_QUEUE: '20' } })
  t.teardown(async () => {
    await service.stop()
    await portraits.remove()
  })
  const COMPARISONS = 12
  await Promise.all(
    Array.from({ length: COMPARISONS }, async () =>
      (await service.compare(portraits.path(0), portraits.path(1))).text(),
    ),
  )
  const lines = () => service.log.filter(({ route, status }) => route === '/compare' && status === 200)
  await until('all are told', () => lines().length === COMPARISONS)
  for (const line of lines()) {
    const phases: Record<string, number> = Object(line.phases)
    const shown = `${JSON.stringify(phases)} of ${line.milliseconds} ms`
    const share = Object.values(phases).reduce((sum, phase) => sum + phase, 0) / Number(line.milliseconds)
    t.ok(share > 0.8 && share < 1.1, shown)
  }
})
