import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { buildApp } from '../../app.js'
import { compareHere } from '../../cli/compare/compare-here.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { writeSamplePhotos } from '../../lib/sample-photos.js'
import { childrenOf, skip } from '../process-tree.js'
import { demoPhotoPath } from '../real-faces.js'
import { formOf } from '../service.js'
import { cliEnvironment, runCli } from './run-cli.js'

const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
t.teardown(() => rm(folder, { recursive: true }))
t.setTimeout(240_000)
const { reference, samePerson, otherPerson } = await writeSamplePhotos(folder)
const notAPhoto = fileURLToPath(import.meta.url)

t.test('two photos of the same person: says so, exit code 0', async (t) => {
  const { code, stdout, stderr } = await runCli(['compare', reference, samePerson])
  t.equal(code, 0, stderr)
  t.match(stdout, /^Same person: the distance is 0\.\d+, at most the threshold of 0\.\d+\.\n/)
  t.match(stdout, /false match rate {2}at most 1 in [\d,]+ pairs of different people/)
  t.match(stdout, `${samePerson}: 300 x 300 pixels, 1 face, quality 0.`)
})

const tensorflow = await loadNetworks('tensorflow').then(
  async ({ networks }) => networks.close().then(() => false as const),
  ({ message }: Error) => message,
)
t.test('TensorFlow tells nobody that it was loaded', { skip: tensorflow }, async (t) => {
  const { code, stderr } = await runCli(['compare', reference, samePerson, '--engine', 'tensorflow'])
  t.same([code, stderr], [0, ''])
})

t.test('--json is what the service replies with, byte for byte', async (t) => {
  const engine = cliEnvironment().FACEMETRIC_ENGINE === 'tensorflow' ? 'tensorflow' : 'onnx'
  const app = buildApp({ config: { engine, logLevel: 'silent', workers: 0 } })
  t.teardown(() => app.close())
  const body = formOf(reference, otherPerson)
  body.set('threshold', '0.3')
  body.set('faces', 'single')
  const { payload, headers } = await asInjected(body)
  const reply = await app.inject({ method: 'POST', url: '/compare', payload, headers })
  const args = ['compare', reference, otherPerson, '--engine', engine, '--threshold', '0.3', '--faces', 'single']
  t.same(await runCli([...args, '--json']), { code: 1, stdout: `${reply.body}\n`, stderr: '' })

  const refused = await app.inject({
    method: 'POST',
    url: '/compare',
    ...(await asInjected(formOf(reference, notAPhoto))),
  })
  const { code, stdout, stderr } = await runCli(['compare', reference, notAPhoto, '--engine', engine, '--json'])
  t.equal(code, 2)
  t.equal(stdout, `${refused.body}\n`, 'an error as well')
  t.match(stderr, 'The file is not an image that is accepted')
})

t.test('photos of two people: says so, exit code 1, unless the threshold given is beyond their distance', async (t) => {
  const { code, stdout, stderr } = await runCli(['compare', reference, otherPerson])
  t.equal(code, 1, stderr)
  t.match(stdout, /^Two different people: the distance is 0\.\d+, more than the threshold of 0\.\d+\.\n/)
  const lenient = await runCli(['compare', reference, otherPerson, '--threshold', '1.9'])
  t.equal(lenient.code, 0)
  t.match(lenient.stdout, /at most the threshold of 1\.9\./)
})

t.test('what cannot be compared is an error that names the photo, exit code 2', async (t) => {
  const group = demoPhotoPath(1)
  const wrong: [string[], RegExp][] = [
    [[reference, path.join(folder, 'absent.jpg')], /cannot read .*absent\.jpg: there is no such file/],
    [[folder, reference], /cannot read .*: it is a folder/],
    [[reference, group, '--faces', 'single'], /sample1\.jpg: 3 faces were found/],
  ]
  for (const [args, message] of wrong) {
    const { code, stdout, stderr } = await runCli(['compare', ...args])
    t.equal(code, 2, args.join(' '))
    t.equal(stdout, '')
    t.match(stderr, message)
  }
  const { code, stderr } = await runCli(['compare', reference, samePerson], { FACEMETRIC_MAX_PIXELS: '1000' })
  t.equal(code, 2)
  t.match(stderr, /reference\.jpg: The image is 640 x 640 pixels/)
})

t.test('where no process can be ready, it says why', async (t) => {
  // Node alone takes more.
  const { code, stdout, stderr } = await runCli(['compare', reference, samePerson], { FACEMETRIC_WORKER_MEMORY: '20' })
  t.same([code, stdout], [2, ''])
  t.match(stderr, /no inference process is ready; the last one .*memory/)
})

t.test('of a pair that takes too long no photo is blamed; of several the one that was looked at', async (t) => {
  for (const [photos, field] of [
    [1, undefined],
    [2, 'reference_image'],
  ] as const) {
    const comparer = await compareHere(reference, { faces: 'largest' }, { runtime: 'onnx', timeout: 0.001 }, photos)
    const problem = await comparer.compare(otherPerson).catch((error) => error.problem)
    t.match(problem, { code: 'timeout', detail: 'The comparison took longer than 0.001 seconds.' })
    t.equal(problem.field, field)
    await comparer.close()
  }
})

t.test('a photo that ends its process is told with the reason', { skip }, async (t) => {
  const comparer = await compareHere(reference, { faces: 'largest' }, { runtime: 'onnx' }, 2)
  t.teardown(() => comparer.close())
  await comparer.compare(samePerson)
  const [inference] = childrenOf(process.pid)
  process.kill(inference, 'SIGSTOP')
  const broken = comparer.compare(otherPerson)
  process.kill(inference, 'SIGKILL')
  t.match(await broken.catch((error) => error.problem), {
    code: 'process_died',
    field: 'live_image',
    detail: 'The comparison broke off: its process was ended by SIGKILL.',
  })
})

/** A form as bytes, which is how `inject` takes it. */
async function asInjected(form: FormData) {
  const request = new Request('http://localhost', { method: 'POST', body: form })
  return {
    payload: Buffer.from(await request.arrayBuffer()),
    headers: { 'content-type': request.headers.get('content-type') ?? '' },
  }
}
