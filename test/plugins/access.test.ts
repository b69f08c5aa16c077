import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t, { type Test } from 'tap'
import { buildApp } from '../../app.js'
import { runCli } from '../cli/run-cli.js'
import { fakeEngine } from '../fake-engine.js'
import { formRequest, pictures } from '../forms.js'
import { LogLines } from '../log-lines.js'
import { writePortraits } from '../portraits.js'
import { isInjectedProblem, isProblem, isProblemResponse } from '../problems.js'
import { formHead, RawConnection } from '../raw-request.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)

const WEB_KEY = 'the-key-of-the-web-backend'
const BATCH_KEY = 'the-key-of-the-nightly-batch'
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')

function appOf(t: Test, config: object) {
  const app = buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: t.testdir(), ...config } })
  t.teardown(() => app.close())
  return app
}

t.test('a service with keys', async (t) => {
  const file = path.join(t.testdir({}), 'keys')
  writeFileSync(file, `# the batch\nbatch:sha256:${hashOf(BATCH_KEY)}\n`)
  const env = {
    FACEMETRIC_WORKERS: '0',
    HOST: '0.0.0.0',
    FACEMETRIC_API_KEYS: `web:${WEB_KEY}`,
    FACEMETRIC_API_KEYS_FILE: file,
  }
  const service = await Service.start({ env })
  t.teardown(() => service.stop())
  const url = service.url.replace('0.0.0.0', '127.0.0.1')
  const portraits = await writePortraits()
  t.teardown(() => portraits.remove())
  const compareWith = (headers: Record<string, string>) =>
    service.compare(portraits.path(0), portraits.path(1), { headers })

  await t.test('compares for who brings one, in either header', async (t) => {
    t.equal((await compareWith({ authorization: `Bearer ${WEB_KEY}` })).status, 200)
    t.equal((await compareWith({ 'x-api-key': BATCH_KEY })).status, 200)
    t.equal((await compareWith({ authorization: 'Basic YTpi', 'x-api-key': BATCH_KEY })).status, 200)
  })

  await t.test('refuses the rest with 401, and says how to do better', async (t) => {
    const without = await compareWith({})
    t.equal(without.headers.get('www-authenticate'), 'Bearer realm="facemetric"')
    await isProblemResponse(t, without, 'unauthorized')
    const wrong: Record<string, string>[] = [
      { authorization: `Bearer ${WEB_KEY}x` },
      { authorization: WEB_KEY },
      { authorization: `Bearer ${hashOf(WEB_KEY)}` },
      { 'x-api-key': `sha256:${hashOf(BATCH_KEY)}` },
    ]
    for (const headers of wrong) {
      const reply = await compareWith(headers)
      t.equal(reply.headers.get('www-authenticate'), 'Bearer realm="facemetric", error="invalid_token"')
      await isProblemResponse(t, reply, 'unauthorized')
    }
  })

  await t.test('answers 401 before anything of the photos is read', async (t) => {
    const asking = await RawConnection.open(url)
    await asking.send(formHead(1_000_000, '/compare', 'expect: 100-continue'))
    await asking.closed
    t.notMatch(asking.received, '100 Continue')
    t.match(asking.received, /^HTTP\/1\.1 401 /)
    const sending = await RawConnection.open(url)
    await sending.send(formHead(1_000_000))
    await sending.until('unauthorized')
    t.match(sending.received, /^HTTP\/1\.1 401 /)
    sending.socket.destroy()
    t.same(service.requestFiles(), [])
  })

  await t.test('leaves health, page and description open', async (t) => {
    for (const target of [
      '/health/live',
      '/health/ready',
      '/',
      '/style.css',
      '/samples/reference.jpg',
      '/docs/',
      '/openapi.json',
    ]) {
      t.equal((await fetch(url + target)).status, 200, target)
    }
    t.match(await (await fetch(`${url}/openapi.json`)).json(), { security: [{ bearer: [] }, { apiKey: [] }] })
  })

  await t.test('takes new keys from the file while it runs, and stays as it is when the file is no good', async (t) => {
    const replaceFile = (text: string) => {
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file)
    }
    replaceFile('batch:short\n')
    await until('the file was looked at', () => service.log.some(({ level }) => level === 50))
    t.equal((await compareWith({ 'x-api-key': BATCH_KEY })).status, 200)
    const newKey = 'another-key-of-the-nightly-batch'
    replaceFile(`batch:sha256:${hashOf(newKey)}\n`)
    await until('the new key works', async () => (await compareWith({ 'x-api-key': newKey })).status === 200)
    t.equal((await compareWith({ 'x-api-key': BATCH_KEY })).status, 401)
    t.equal((await compareWith({ 'x-api-key': WEB_KEY })).status, 200)
  })

  await t.test('names the caller in the log, and shows no key', async (t) => {
    t.match(
      service.log.find(({ callers }) => callers),
      { callers: ['web', 'batch'], msg: 'API keys are needed' },
    )
    for (const caller of ['web', 'batch']) {
      t.ok(
        service.log.some((line) => line.caller === caller && line.status === 200),
        caller,
      )
    }
    const log = JSON.stringify(service.log)
    for (const secret of [WEB_KEY, BATCH_KEY, hashOf(WEB_KEY), hashOf(BATCH_KEY), 'batch:short']) {
      t.notMatch(log, secret)
    }
    t.notMatch(log, /open to everybody/)
  })
})

t.test('without keys everybody may compare, and the log says so once where others reach it', async (t) => {
  for (const [host, warnings] of [
    ['0.0.0.0', 1],
    ['127.0.0.1', 0],
  ] as const) {
    const service = await Service.start({ env: { FACEMETRIC_WORKERS: '0', HOST: host } })
    t.teardown(() => service.stop())
    await until('it is warm', async () => (await fetch(`${service.url}/health/ready`)).ok)
    const said = () => service.log.filter(({ msg }) => msg?.startsWith('open to everybody')).length
    // The log may arrive after the reply.
    if (warnings > 0) await until('the warning has arrived', () => said() > 0)
    t.equal(said(), warnings, host)
  }
})

t.test('what is open beside health is a setting', async (t) => {
  const closed = appOf(t, { apiKeys: `web:${WEB_KEY}`, page: 'key', docs: 'key' })
  for (const url of ['/', '/docs', '/docs/', '/docs/json', '/docs/static/swagger-ui.css', '/openapi.json']) {
    isInjectedProblem(t, await closed.inject(url), 'unauthorized')
    t.not((await closed.inject({ url, headers: { 'x-api-key': WEB_KEY } })).statusCode, 401, url)
  }
  t.equal((await closed.inject('/health/ready')).statusCode, 200)
  const open = appOf(t, { apiKeys: `web:${WEB_KEY}`, page: 'key' })
  t.equal((await open.inject('/docs/')).statusCode, 200)
  t.equal((await open.inject('/')).statusCode, 401)
})

t.test('refusals of strangers are no faults in the log', async (t) => {
  const log = new LogLines()
  const config = { tempDir: t.testdir(), apiKeys: `web:${WEB_KEY}`, rateLimit: 1 }
  const app = buildApp({ faceEngine: fakeEngine(), config, logStream: log })
  t.teardown(() => app.close())
  const request = await formRequest(pictures())
  for (const [key, status] of [
    [BATCH_KEY, 401],
    [WEB_KEY, 200],
    [WEB_KEY, 429],
  ]) {
    const reply = await app.inject({ ...request, headers: { ...request.headers, 'x-api-key': `${key}` } })
    t.equal(reply.statusCode, status)
  }
  t.same(
    log.outcomes.map(({ status }) => status),
    [401, 200, 429],
  )
  t.same(
    log.lines.filter(({ level = 0 }) => level >= 50),
    [],
  )
})

t.test('a page of another origin may ask first, without the key', async (t) => {
  const app = appOf(t, { apiKeys: `web:${WEB_KEY}` })
  const headers = {
    origin: 'https://a.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  }
  const preflight = await app.inject({ method: 'OPTIONS', url: '/compare', headers })
  t.equal(preflight.statusCode, 204)
  t.equal(preflight.headers['access-control-allow-headers'], 'authorization')
  const refused = await app.inject({ ...(await formRequest(pictures())), headers: { origin: 'https://a.example' } })
  isInjectedProblem(t, refused, 'unauthorized')
  t.equal(refused.headers['access-control-allow-origin'], '*', 'so that the page can read why')
})

t.test('keys that are too short, or no keys, keep it from starting', async (t) => {
  for (const [config, message] of [
    [{ apiKeys: 'web:secret' }, /FACEMETRIC_API_KEYS: entry 1: the key of web has 6 characters; 24 are needed/],
    [{ apiKeysFile: '/no/such/file' }, /the API keys cannot be read: ENOENT.*\/no\/such\/file/],
  ] as const) {
    const app = appOf(t, config)
    await t.rejects(async () => app.ready(), { message })
  }
})

t.test('the command makes a key that the service takes', async (t) => {
  const { code, stdout, stderr } = await runCli(['key', 'web'])
  t.equal(code, 0)
  const key = /: (\S+)\n$/.exec(stderr)?.[1] ?? ''
  t.notMatch(stdout, key)
  const app = appOf(t, { apiKeys: stdout })
  const { headers, ...request } = await formRequest(pictures())
  const reply = await app.inject({ ...request, headers: { ...headers, authorization: `Bearer ${key}` } })
  t.equal(reply.statusCode, 200)
  t.match(await runCli(['key', 'my app']), { code: 2, stderr: /the name "my app" is not/ })
})

t.test('what is not there needs no key', async (t) => {
  const app = appOf(t, { apiKeys: `web:${WEB_KEY}` })
  const { statusCode, headers, body } = await app.inject('/nothing')
  isProblem(t, { status: statusCode, contentType: headers['content-type'], body }, 'not_found')
})
