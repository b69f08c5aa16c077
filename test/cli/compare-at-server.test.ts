import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { writeSamplePhotos } from '../../lib/sample-photos.js'
import { freePort } from '../free-port.js'
import { startComparingService } from './comparing-service.js'
import { runCli } from './run-cli.js'

t.setTimeout(240_000)
const KEY = 'a-key-that-is-long-enough-for-this-test'
const photos = await writeSamplePhotos(t.testdir())
const { reference, samePerson, otherPerson } = photos
const notAPhoto = fileURLToPath(import.meta.url)
const server = await startComparingService(t, { apiKeys: `test:${KEY}` })

t.test('a service answers as the command line does itself: same output, same exit codes', async (t) => {
  const cases = [
    [reference, samePerson, '--json'],
    [reference, otherPerson, '--threshold', '1.9', '--faces', 'single'],
  ]
  const codes = []
  for (const args of cases) {
    const there = await runCli(['compare', ...args, '--server', server], { FACEMETRIC_API_KEY: KEY })
    const here = await runCli(['compare', ...args], { FACEMETRIC_ENGINE: 'onnx' }) // the runtime of the service above
    t.same(there, here, args.slice(2).join(' '))
    codes.push(there.code)
  }
  t.same(codes, [0, 0])
  const refused = ['compare', reference, notAPhoto, '--json', '--server', server, '--api-key', KEY]
  const { code, stdout, stderr } = await runCli(refused)
  t.equal(code, 2)
  t.match(JSON.parse(stdout), { status: 415, code: 'unsupported_image_format', field: 'live_image' })
  t.match(stderr, `facemetric: ${notAPhoto}: The file is not an image`)
})

t.test('several photos, and a key as an option', async (t) => {
  const args = ['compare', reference, samePerson, otherPerson, '--server', `${server}/`, '--api-key', KEY]
  const { code, stdout, stderr } = await runCli(args)
  t.equal(code, 0, stderr)
  t.match(stdout, /1 of 2 shows the person/)
})

t.test('without the key it says what is wrong', async (t) => {
  const { code, stdout, stderr } = await runCli(['compare', reference, samePerson, '--server', server])
  t.same({ code, stdout }, { code: 2, stdout: '' })
  t.match(stderr, /^facemetric: .*API key/)
})

t.test('a service that is not there, or is another, is named', async (t) => {
  const absent = `http://127.0.0.1:${await freePort()}`
  const { code, stderr } = await runCli(['compare', reference, samePerson, '--server', absent])
  t.equal(code, 2)
  t.match(stderr, `facemetric: ${absent}/compare cannot be reached: connect ECONNREFUSED`)

  const other = createServer((_, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>')).listen(
    0,
    '127.0.0.1',
  )
  t.teardown(() => other.close())
  await once(other, 'listening')
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const refused = await runCli(['compare', reference, samePerson, '--server', url])
  t.equal(refused.code, 2)
  t.match(refused.stderr, `facemetric: ${url}/compare answered 502 Bad Gateway, and not as Facemetric does`)
})

t.test('https: where the service speaks http: is told in one line', async (t) => {
  const url = server.replace('http:', 'https:')
  const { code, stderr } = await runCli(['compare', reference, samePerson, '--server', url])
  t.equal(code, 2)
  t.equal(stderr, `facemetric: ${url}/compare cannot be reached: there is no TLS at this address; try http://\n`)
})

t.test('photos are not sent on to another address', async (t) => {
  const location = 'https://faces.example/compare'
  const first = createServer((_, response) => response.writeHead(301, { location }).end()).listen(0, '127.0.0.1')
  t.teardown(() => first.close())
  await once(first, 'listening')
  const url = `http://127.0.0.1:${(first.address() as AddressInfo).port}`
  const { code, stderr } = await runCli(['compare', reference, samePerson, '--server', url])
  t.equal(code, 2)
  t.match(stderr, `${url}/compare sends its callers to ${location}: name that one`)
})

t.test('a service that has too much to do is asked again when it says', async (t) => {
  let asked = 0
  const busy = createServer(async (request, response) => {
    for await (const _ of request);
    asked++
    response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '0' })
    const detail = 'The service has too much to do.'
    const problem = { type: 'urn:problem-type:facemetric:busy', title: 'The service has too much to do', status: 503 }
    response.end(JSON.stringify({ ...problem, detail, code: 'busy', error: detail }))
  }).listen(0, '127.0.0.1')
  t.teardown(() => busy.close())
  await once(busy, 'listening')
  const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`
  const { code, stderr } = await runCli(['compare', reference, samePerson, '--server', url])
  t.same({ code, asked }, { code: 2, asked: 4 })
  t.equal(stderr, 'facemetric: The service has too much to do.\n')
})
