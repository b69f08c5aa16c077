import { request } from 'node:http'
import t from 'tap'
import { formRequest, pictures } from '../forms.js'
import { freePort } from '../free-port.js'
import { OtlpCollector, type ReceivedSpan } from '../otlp-collector.js'
import { writePortraits } from '../portraits.js'
import { Service } from '../service.js'

t.setTimeout(120_000)

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
/** Linux takes the whole of 127.0.0.0/8 for its own. */
const PROXY = '127.0.0.2'
const PHASES = ['upload', 'queue', 'decode', 'detect', 'landmarks', 'describe', 'handover', 'verdict', 'reply']
const ENV = { FACEMETRIC_WORKERS: '0' }

/** Sends a request from an address, as part of somebody's trace. */
function ask(url: string, localAddress: string, body?: Awaited<ReturnType<typeof formRequest>>): Promise<number> {
  const headers = { ...body?.headers, traceparent: `00-${TRACE}-${PARENT}-01` }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body?.method ?? 'GET', localAddress, headers }, (reply) => {
      reply.resume().once('end', () => resolve(reply.statusCode ?? 0))
    })
    sent.once('error', reject).end(body?.payload)
  })
}

const attributesOf = ({ attributes }: ReceivedSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

t.test('a collector is sent a span for each request and each phase; the log tells the trace', async (t) => {
  const collector = await OtlpCollector.start()
  t.teardown(() => collector.stop())
  const portraits = await writePortraits()
  const service = await Service.start({
    env: { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRUST_PROXY: PROXY },
  })
  t.teardown(async () => {
    await service.stop()
    await portraits.remove()
  })
  t.equal((await service.compare(portraits.path(0), portraits.path(1))).status, 200)
  t.equal(await ask(`${service.url}/compare?secret=1`, PROXY, await formRequest(pictures())), 422)
  t.equal(await ask(`${service.url}/anna.jpg`, '127.0.0.3'), 404)
  await ask(`${service.url}/health/ready`, PROXY)
  await service.stop() // What has not been sent is sent then.

  const requests = collector.spans.filter(({ kind }) => kind === 2)
  t.same(requests.map(({ name }) => name).sort(), ['GET', 'POST /compare', 'POST /compare'], 'probes are not traced')
  const compared = requests.find(({ name, traceId }) => name === 'POST /compare' && traceId !== TRACE)!
  t.match(attributesOf(compared), {
    'http.request.method': 'POST',
    'http.route': '/compare',
    'http.response.status_code': 200,
    'facemetric.engine': /./,
  })
  const phases = collector.spans.filter(({ parentSpanId }) => parentSpanId === compared.spanId)
  t.same(phases.map(({ name }) => name).sort(), [...PHASES].sort())
  t.ok(phases.every(({ traceId }) => traceId === compared.traceId))
  const line = service.log.find(({ route, status }) => route === '/compare' && status === 200)
  t.match(line, { trace_id: compared.traceId, span_id: compared.spanId })

  const proxied = requests.find(({ traceId }) => traceId === TRACE)!
  t.equal(proxied.parentSpanId, PARENT, 'it continues the trace of a trusted proxy')
  t.match(attributesOf(proxied), { 'http.response.status_code': 422, 'error.type': 'no_face' })
  const stranger = requests.find(({ name }) => name === 'GET')!
  t.not(stranger.traceId, TRACE, 'and begins one of its own for anybody else')
  t.notOk(stranger.parentSpanId)

  const sent = JSON.stringify(collector.received)
  t.match(sent, '{"key":"service.name","value":{"stringValue":"facemetric"}}')
  t.notMatch(sent, /127\.0\.0|anna|secret|distance|identical|\.jpg/)
})

t.test('without the packages it says what to install, and works', async (t) => {
  const hide = `export const resolve = (name, context, next) => {
    if (name.startsWith('@opentelemetry/')) throw new Error('there is no package ' + name)
    return next(name, context)
  }`
  const hook = JSON.stringify(`data:text/javascript,${encodeURIComponent(hide)}`)
  const register = `import { register } from "node:module"; register(${hook})`
  const service = await Service.start({
    env: { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    execArgv: [`--import=data:text/javascript,${encodeURIComponent(register)}`],
  })
  t.teardown(() => service.stop())
  const warning = service.log.find(({ level }) => level === 40)
  t.match(warning?.msg, /^OTEL_EXPORTER_OTLP_ENDPOINT is set, but .*: npm install @opentelemetry\/api /)
  t.equal((await fetch(`${service.url}/health/ready`)).status, 200)
})

t.test('a collector that is away costs no request, and does not keep the service from ending', async (t) => {
  const service = await Service.start({
    env: { ...ENV, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` },
  })
  t.teardown(() => service.stop())
  t.equal((await fetch(`${service.url}/`)).status, 200)
  service.kill('SIGTERM')
  t.same(await service.exited, { code: 0, signal: null })
  t.ok(service.log.some(({ level, msg }) => level === 40 && msg === 'traces cannot be sent'))
})
