import t, { type Test } from 'tap'
import { buildApp } from '../../app.js'
import { parseTrustProxy } from '../../lib/trusted-proxies.js'
import { fakeEngine } from '../fake-engine.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const FORWARDED = {
  'x-forwarded-for': '192.0.2.7, 203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'faces.example',
  'x-forwarded-prefix': '/v1/faces',
  'x-request-id': 'from-the-proxy_1',
}

/** What a request looks like from inside, and what its sender sees of it. */
async function seen(t: Test, trustProxy: string | undefined, headers: Record<string, string> = FORWARDED) {
  const config = {
    logLevel: 'silent',
    tempDir: t.testdir(),
    ...(trustProxy === undefined ? {} : { trustProxy }),
  } as const
  const app = buildApp({ faceEngine: fakeEngine(), config })
  t.teardown(() => app.close())
  app.get('/seen', async ({ ip, protocol, host, id }) => ({ ip, protocol, host, id }))
  const reply = await app.inject({ url: '/seen', headers: { host: 'localhost', ...headers } })
  const { servers } = (await app.inject({ url: '/openapi.json', headers: { host: 'localhost', ...headers } })).json()
  t.equal(reply.headers['x-request-id'], reply.json().id)
  return { ...reply.json(), server: servers[0].url }
}

t.test('unless told otherwise, nobody is believed about the client', async (t) => {
  for (const trust of [undefined, 'none', '0', '10.0.0.0/8']) {
    const { id, ...rest } = await seen(t, trust)
    t.match(id, UUID)
    t.same(rest, { ip: '127.0.0.1', protocol: 'http', host: 'localhost', server: 'http://localhost' }, String(trust))
  }
})

t.test('a trusted proxy is believed, and only as far as the trust goes', async (t) => {
  const told = { protocol: 'https', host: 'faces.example', server: 'https://faces.example/v1/faces' }
  const id = 'from-the-proxy_1'
  for (const trust of ['1', 'loopback', '127.0.0.1', '10.0.0.0/8, 127.0.0.0/8']) {
    t.same(await seen(t, trust), { ...told, id, ip: '203.0.113.9' }, trust)
  }
  for (const trust of ['2', '127.0.0.1,203.0.113.0/24']) {
    t.same(await seen(t, trust), { ...told, id, ip: '192.0.2.7' }, trust)
  }
})

t.test('what a trusted proxy passes on is looked at before it is used', async (t) => {
  const id = async (value: string) => (await seen(t, '1', { 'x-request-id': value })).id
  t.equal(await id('a.b:c/d+e=f-g_1'), 'a.b:c/d+e=f-g_1')
  for (const wrong of ['', 'two words', '{"a":1}', 'a'.repeat(129)]) t.match(await id(wrong), UUID)
  const server = async (headers: Record<string, string>) => (await seen(t, '1', headers)).server
  t.equal(await server({ 'x-forwarded-prefix': '/faces/' }), 'http://localhost/faces')
  for (const prefix of ['//evil.example', '/a b', 'faces', '/"><script>']) {
    t.equal(await server({ 'x-forwarded-prefix': prefix }), 'http://localhost', prefix)
  }
  t.equal(await server({ 'x-forwarded-proto': 'javascript' }), '/')
  t.equal(await server({ 'x-forwarded-host': 'a.example/b' }), '/')
})

t.test('a setting that trusts everybody, or is no address, is refused', async (t) => {
  for (const text of ['true', 'all', '10.0.0.0/99', '10.0.0.1,,']) {
    t.throws(() => parseTrustProxy(text), { message: /^Wrong setting: TRUST_PROXY takes none, the number/ }, text)
  }
})

t.test('the documentation works below a prefix', async (t) => {
  const app = buildApp({
    faceEngine: fakeEngine(),
    config: { logLevel: 'silent', tempDir: t.testdir(), trustProxy: '1' },
  })
  t.teardown(() => app.close())
  const moved = await app.inject('/docs')
  t.equal(moved.headers.location, './docs/')
  const page = await app.inject('/docs/')
  for (const [, address] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) t.match(address, /^\.\/static\//)
  const described = await app.inject({ url: '/docs/json', headers: { host: 'localhost', ...FORWARDED } })
  t.equal(described.json().servers[0].url, 'https://faces.example/v1/faces')
})

t.test('every line about a request holds its id, which goes back to who asked', async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '0', TRUST_PROXY: '127.0.0.1' } })
  t.teardown(() => service.stop())
  const ask = async (target: string, id?: string) => {
    const reply = await fetch(service.url + target, {
      method: 'POST',
      headers: id === undefined ? {} : { 'x-request-id': id },
    })
    return reply.headers.get('x-request-id') ?? ''
  }
  t.equal(await ask('/compare', 'request-1'), 'request-1')
  const made = await ask('/compare')
  t.match(made, UUID)
  t.equal(await ask('/%E0%A4%A', 'request-2'), 'request-2', 'also where no route is found')
  for (const id of ['request-1', made]) {
    const lines = () => service.log.filter(({ reqId }) => reqId === id)
    await until('the line has arrived', () => lines().length > 0)
    t.match(lines(), [{ code: 'unsupported_media_type' }])
    t.equal(lines().length, 1)
  }
})
