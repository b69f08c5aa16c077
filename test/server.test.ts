import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t from 'tap'
import { Value } from 'typebox/value'
import { buildApp } from '../app.js'
import { createFaceEngine } from '../lib/create-face-engine.js'
import { ComparisonSchema } from '../schemas/compare.js'
import { formOfParts, formRequest, type Parts } from './forms.js'
import { writePortraits } from './portraits.js'
import { isProblemResponse } from './problems.js'
import { childrenOf, skip } from './process-tree.js'
import { demoPhotoPath } from './real-faces.js'
import { Service } from './service.js'
import { until } from './until.js'

t.setTimeout(120_000)
const SERVER = fileURLToPath(new URL('../server.js', import.meta.url))

const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const bytes = (file: string) => Uint8Array.from(readFileSync(file))
const anna = bytes(portraits.path(0))
const bert = bytes(portraits.path(1))
const annaAgain = Uint8Array.from(await sharp(anna).rotate(8).modulate({ brightness: 1.2 }).png().toBuffer())
const group = bytes(demoPhotoPath(1))

/** What the service says to its user who wants to start it, and how it ends. */
async function startThatFails(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [SERVER], { env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  return { code, output }
}

t.test('the service from its start to its end, with real photos', async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '0', FACEMETRIC_MAX_PIXEL: '1' } })
  t.teardown(() => service.stop())
  const post = (parts: Parts) => fetch(`${service.url}/compare`, { method: 'POST', body: formOfParts(parts) })
  const pair = (live: Uint8Array<ArrayBuffer>, ...more: Parts): Parts => [
    ['reference_image', anna, 'anna-the-reference.jpg'],
    ['live_image', live, 'somebody.jpg'],
    ...more,
  ]
  const compare = async (parts: Parts) => Value.Parse(ComparisonSchema, await (await post(parts)).json())

  await t.test('what it made up to rehearse, before anybody asked, is neither counted nor logged', async (t) => {
    t.notMatch(await (await fetch(`${service.url}/metrics`)).text(), '/compare')
    t.notMatch(JSON.stringify(service.log), '/compare')
    t.equal(service.log.filter(({ level = 0 }) => level >= 40).length, 1, 'nothing but the misspelt setting is odd')
    t.equal(
      readdirSync(path.join(service.tempDir, `facemetric-${process.getuid?.()}`)).length,
      1,
      'one folder is in use',
    )
  })

  const same = await compare(pair(annaAgain))
  const different = await compare(pair(bert))

  t.test('two photos of one person are identical, of two people they are not', async (t) => {
    t.match(same, { identical: true, reference_image: { width: 250, height: 250, faces: 1 } })
    t.equal(different.identical, false)
    t.ok(different.distance > different.threshold)
    t.match(await compare(pair(bert, ['threshold', '1.9'])), { identical: true, threshold: 1.9 })
    t.ok((await compare(pair(group))).live_image.faces > 1)
  })

  t.test('a photo that cannot be used is refused with its code', async (t) => {
    const grey = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: 'grey' } })
    const blank = Uint8Array.from(await grey(300, 300).jpeg().toBuffer())
    const huge = Uint8Array.from(await grey(8000, 7000).png({ compressionLevel: 1 }).toBuffer())
    await isProblemResponse(t, await post(pair(anna.slice(0, anna.length / 2))), 'damaged_image', 'live_image')
    await isProblemResponse(t, await post(pair(blank)), 'no_face', 'live_image')
    await isProblemResponse(t, await post(pair(huge)), 'too_many_pixels', 'live_image')
    await isProblemResponse(t, await post(pair(group, ['faces', 'single'])), 'several_faces', 'live_image')
  })

  t.test('the distance is the same through inject and the library', async (t) => {
    const engine = await createFaceEngine({ runtime: same.engine })
    const app = buildApp({ faceEngine: engine, config: { logLevel: 'silent', tempDir: t.testdir() } })
    t.teardown(async () => {
      await app.close()
      await engine.close()
    })
    const injected = await app.inject(await formRequest(pair(bert)))
    t.same(injected.json(), different)
    t.same(await engine.compare(portraits.path(0), portraits.path(1)), different)
  })

  t.test('nothing of the photos is left, nor in the log', async (t) => {
    t.same(service.requestFiles(), [])
    const log = JSON.stringify(service.log)
    t.notMatch(log, /anna-the-reference|somebody|\.jpg/)
    t.notMatch(log, /distance|similarity/)
    t.notMatch(log, String(same.distance))
  })

  t.test('a misspelt setting was a warning', async (t) => {
    t.match(service.log, [{ level: 40, msg: 'there is no setting FACEMETRIC_MAX_PIXEL' }])
  })

  t.test('it stops when it is told to, though Ctrl-C comes from the terminal and from npm', async (t) => {
    service.kill('SIGINT')
    service.kill('SIGINT')
    t.same(await service.exited, { code: 0, signal: null })
    t.match(service.log.at(-1), { msg: 'SIGINT: finishing what was accepted' })
  })
})

t.test('told to stop while it starts, it ends at once and as if it had been asked', { skip }, async (t) => {
  const env = {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: '0',
    FACEMETRIC_ENGINE: 'onnx',
    FACEMETRIC_WORKERS: '1',
  }
  const child = spawn(process.execPath, [SERVER], { env: { ...env, FACEMETRIC_TEMP_DIR: t.testdir() } })
  await until('it has begun', () => childrenOf(child.pid!).length > 0)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('it has rehearsed before it listens', async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '0', FACEMETRIC_LOG_LEVEL: 'debug' } })
  t.teardown(() => service.stop())
  const said = service.log.map(({ msg = '' }) => msg)
  t.match(
    said.find((msg) => /rehearsed|Server listening/.test(msg)),
    /^rehearsed/,
  )
})

t.test('the first comparison of a client finds the code of the service compiled', async (t) => {
  const logfile = path.join(t.testdir(), 'v8.log')
  const service = await Service.start({
    execArgv: ['--log-function-events', '--no-logfile-per-isolate', `--logfile=${logfile}`],
  })
  t.teardown(() => service.stop())
  await (await fetch(`${service.url}/health/ready`)).text()
  const before = statSync(logfile).size

  const reply = await service.compare(portraits.path(0), portraits.path(1))
  t.equal(reply.status, 200)
  await reply.text()
  await until('it was logged', () => service.log.some(({ route }) => route === '/compare'))

  const log = readFileSync(logfile, 'latin1')
  t.match(log.slice(0, before), /^function,interpreter,.*,describe$/m, 'V8 tells what it compiles')
  const ofNode = new Set([...log.matchAll(/^script-details,(\d+),node:/gm)].map(([, script]) => script))
  const compiled = [...log.slice(before).matchAll(/^function,interpreter,(\d+),.*$/gm)]
    .filter(([, script]) => !ofNode.has(script))
    .map(([line]) => line)
  // But for what Node itself does with a connection, and what a timer may call just then; without a rehearsal it would be far more.
  t.ok(compiled.length <= 5, 'hardly any is left', { compiled })
})

t.test('what keeps it from starting is said in one line, with code 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  const wrong: [what: string, env: Record<string, string>, message: RegExp][] = [
    ['a setting', { PORT: 'abc' }, /^facemetric: Wrong setting: PORT must be integer; got "abc".*\n$/],
    [
      'a folder',
      { FACEMETRIC_TEMP_DIR: '/no/such/place' },
      /facemetric: Cannot keep temporary files in \/no\/such\/place.*\n$/,
    ],
    ['a port', { PORT: port }, /facemetric: listen EADDRINUSE: address already in use 127.0.0.1:\d+\n$/],
  ]
  for (const [what, env, message] of wrong) {
    await t.test(what, async (t) => {
      const { code, output } = await startThatFails({ FACEMETRIC_ENGINE: 'onnx', FACEMETRIC_WORKERS: '0', ...env })
      t.equal(code, 1)
      t.match(output, message)
    })
  }
})
