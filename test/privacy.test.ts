import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { makeApiKey } from '../lib/api-keys.js'
import { candidatesOf } from '../lib/face-describer.js'
import { loadDescriber } from '../lib/load-describer.js'
import { unpackDescriptor } from '../lib/packed-descriptor.js'
import { formOfParts, type Parts } from './forms.js'
import { writePortraits } from './portraits.js'
import { skip } from './process-tree.js'
import { Service } from './service.js'
import { descriptorTraces, found, photoTraces, textTrace } from './traces.js'
import { until } from './until.js'

t.setTimeout(240_000)

const NAMES = ['anna-of-the-passport.jpg', 'bert-of-the-selfie.png', 'a-note-on-anna', 'agent-of-anna']
/** Linux takes the whole of 127.0.0.0/8 for its own. */
const ADDRESS = '127.0.0.77'
/** A limit for core dumps would hide what they would hold. */
const WITH_CORE_DUMPS = ['sh', '-c', 'ulimit -c unlimited; exec "$@"', 'sh']

const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [reference, live] = [0, 1].map((person) => readFileSync(portraits.path(person)))

const describer = await loadDescriber({ runtime: 'onnx' })
const { photos } = await describer.describe([{ path: portraits.path(0) }, { path: portraits.path(1) }], {
  faces: 'largest',
})
await describer.close()
const descriptors = photos.map((photo) => [...unpackDescriptor(candidatesOf(photo)[0].descriptor)])
const TRACES = [
  ...NAMES.map(textTrace),
  ...photoTraces('the reference photo', reference),
  ...photoTraces('the live photo', live),
  ...descriptors.flatMap(descriptorTraces),
]

t.test('the search finds what it is to find, in every form', async (t) => {
  const [descriptor] = descriptors
  const floats = Buffer.from(Float32Array.from(descriptor).buffer)
  for (const written of [
    JSON.stringify(descriptor),
    descriptor.map((value) => value.toFixed(6)).join(),
    floats,
    Buffer.from(Float64Array.from(descriptor).buffer),
    `x${floats.toString('base64')}`,
    floats.toString('hex'),
    reference,
    `data:image/jpeg;base64,${reference.toString('base64')}`,
    `file "${NAMES[0]}"`,
  ]) {
    t.ok(found(Buffer.from(written), TRACES).length > 0)
  }
  t.same(found(Buffer.from('{"distance":0.5,"milliseconds":12.3}'), TRACES), [])
})

/** All a person would rather not leave behind, sent in all ways that end differently. */
async function use(service: Service, key: string): Promise<void> {
  const [one, other] = [Uint8Array.from(reference), Uint8Array.from(live)]
  const both: Parts = [
    ['reference_image', one, NAMES[0]],
    ['live_image', other, NAMES[1]],
    ['note', NAMES[2]],
  ]
  const forms: [status: number, parts: Parts, key?: string][] = [
    [200, both],
    [200, [...both, ['faces', 'any']]],
    [401, both, 'no key'],
    [400, [...both, ['threshold', NAMES[2]]]],
    [400, [['reference_image', one, NAMES[0]]]],
    [
      422,
      [
        ['reference_image', one, NAMES[0]],
        ['live_image', other.slice(0, other.length / 2), NAMES[1]],
      ],
    ],
    [
      415,
      [
        ['reference_image', one, NAMES[0]],
        ['live_image', Uint8Array.from(Buffer.from(NAMES[2])), NAMES[1]],
      ],
    ],
  ]
  for (const [status, parts, sent = key] of forms) {
    const { status: given, body } = await post(service, new Response(formOfParts(parts)), sent)
    if (given !== status) throw new Error(`${given} instead of ${status}: ${body}`)
  }
  const json = { reference_image: reference.toString('base64'), live_image: live.toString('base64'), note: NAMES[2] }
  const { status, body } = await post(service, Response.json(json), key)
  if (status !== 200) throw new Error(`${status} instead of 200 for JSON: ${body}`)
}

async function post(service: Service, form: Response, key: string): Promise<{ status?: number; body: string }> {
  const payload = Buffer.from(await form.arrayBuffer())
  const headers = {
    'content-type': form.headers.get('content-type') ?? '',
    'x-api-key': key,
    'user-agent': NAMES[3],
    referer: `http://localhost/${NAMES[3]}`,
  }
  return new Promise((resolve, reject) => {
    const url = `${service.url}/compare?who=${NAMES[2]}`
    const sent = request(url, { method: 'POST', localAddress: ADDRESS, headers }, async (reply) => {
      resolve({ status: reply.statusCode, body: Buffer.concat(await reply.toArray()).toString() })
    })
    sent.once('error', reject).end(payload)
  })
}

/** Everything that lies in a folder, as one. */
function contentOf(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
  return Buffer.concat(files.flatMap((file) => [Buffer.from(`${file}\n`), readFileSync(file)]))
}

/** A service in a home of its own, in which all that it writes is found again. */
async function start(t: Test, env: Record<string, string>) {
  const home = mkdtempSync(path.join(tmpdir(), 'facemetric-home-'))
  const folders = Object.fromEntries(['photos', 'tmp', 'work'].map((name) => [name, path.join(home, name)]))
  for (const folder of Object.values(folders)) mkdirSync(folder)
  const service = await Service.start({
    // What is searched for are descriptors of onnx, whose core dump takes a fraction of TensorFlow's gigabyte.
    env: {
      HOME: home,
      TMPDIR: folders.tmp,
      FACEMETRIC_ENGINE: 'onnx',
      FACEMETRIC_WORKERS: '1',
      FACEMETRIC_TIMEOUT: '60',
      ...env,
    },
    tempDir: folders.photos,
    cwd: folders.work,
    launcher: WITH_CORE_DUMPS,
  })
  t.teardown(async () => {
    await service.stop()
    // An inference process that was writing just now ends a moment after the service.
    await rm(home, { recursive: true, maxRetries: 10 })
  })
  const metrics = async () => (await fetch(`${service.url}/metrics`)).text()
  const written = async () => Buffer.concat([Buffer.from(service.output.join('') + (await metrics())), contentOf(home)])
  return { service, written, work: folders.work }
}

for (const [logLevel, logAddress, told] of [
  ['info', 'masked', '127.0.0.0/24'],
  ['trace', 'off', undefined],
] as const) {
  t.test(
    `nothing a service writes tells of photos, names or faces: level ${logLevel}, address ${logAddress}`,
    { skip },
    async (t) => {
      const key = makeApiKey()
      const { service, written, work } = await start(t, {
        FACEMETRIC_API_KEYS: `app:${key}`,
        FACEMETRIC_METRICS: 'open',
        FACEMETRIC_RATE_LIMIT: '1000',
        FACEMETRIC_LOG_LEVEL: logLevel,
        FACEMETRIC_LOG_ADDRESS: logAddress,
      })
      await use(service, key)

      // A crash in the middle of a comparison, and what the kernel may write of it.
      const [pid] = service.workers()
      process.kill(pid, 'SIGSTOP') // So that it is still there when the photos are.
      const form = formOfParts([
        ['reference_image', Uint8Array.from(reference), NAMES[0]],
        ['live_image', Uint8Array.from(live), NAMES[1]],
      ])
      const broken = post(service, new Response(form), key)
      await until('the photos have arrived', () => service.requestFiles().length > 0)
      process.kill(pid, 'SIGSEGV')
      process.kill(pid, 'SIGCONT')
      await broken
      let workers: number[] = []
      await until('another process works', () => {
        workers = service.workers()
        return workers.length === 1 && workers[0] !== pid
      })
      for (const process of [service.pid, ...workers]) {
        t.match(readFileSync(`/proc/${process}/coredump_filter`, 'utf8'), /^0+\n$/, 'no memory would be in a core dump')
      }
      t.comment(`core dumps: ${readdirSync(work)}`)
      await until('the log is written', () => service.log.filter(({ route }) => route === '/compare').length >= 9)

      const all = await written()
      t.same(found(all, [...TRACES, textTrace(key)]), [])
      t.notOk(all.includes(ADDRESS), 'of the address no more than the setting lets be')
      t.equal(all.includes('127.0.0.0/24'), told !== undefined)
      t.same(service.requestFiles(), [])
    },
  )
}

t.test('an inference process does not know the keys, whatever is seen of its memory', { skip }, async (t) => {
  const key = makeApiKey()
  const { service, work } = await start(t, { FACEMETRIC_API_KEYS: `app:${key}` })
  await use(service, key)
  const [pid] = service.workers()
  // As where nothing keeps private memory out of core dumps.
  writeFileSync(`/proc/${pid}/coredump_filter`, '1')
  process.kill(pid, 'SIGSEGV')
  await until('another process works', () => !service.workers().includes(pid) && service.workers().length === 1)
  const core = readdirSync(work).find((name) => name.startsWith('core'))
  if (core === undefined) return t.comment('this machine writes core dumps elsewhere')
  const memory = readFileSync(path.join(work, core))
  t.ok(found(memory, TRACES).length > 0, 'the search sees what it does know')
  t.same(found(memory, [textTrace(key)]), [])
})
