import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { appWith } from '../compare-app.js'
import { freePort } from '../free-port.js'
import { writePortraits } from '../portraits.js'

t.setTimeout(240_000)
const API_KEY = 'a-key-that-is-long-enough-for-this-test'
const folder = mkdtempSync(path.join(tmpdir(), 'facemetric-test-'))
t.teardown(() => rmSync(folder, { recursive: true }))

const example = (name: string) => path.join(PACKAGE_ROOT, 'examples', name)
const works = (...[command, ...args]: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const compiled = path.join(folder, 'compare')

/** How each example is run, and what has to work for that. */
const EXAMPLES: Record<string, { run: string[]; needs: string[] }> = {
  'compare.sh': { run: ['sh', example('compare.sh')], needs: ['curl', '--fail-with-body', '--version'] },
  'compare.mjs': { run: [process.execPath, example('compare.mjs')], needs: [process.execPath, '--version'] },
  'compare.py': { run: ['python3', example('compare.py')], needs: ['python3', '-c', 'import requests'] },
  'compare.php': { run: ['php', example('compare.php')], needs: ['php', '--version'] },
  'compare.go': { run: [compiled], needs: ['go', 'build', '-o', compiled, example('compare.go')] },
}

// Before the first is run: what compiles one holds up this process, which also answers them.
const RUNNABLE = Object.entries(EXAMPLES).map(([name, { run: command, needs }]) => {
  return { name, command, skip: !works(...needs) && `${needs[0]} is not installed, or not as it would have to be` }
})

function run([command, ...args]: string[], env: Record<string, string>): Promise<{ code: unknown; errors: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { env: { ...process.env, ...env } }, (error, _stdout, errors) => {
      resolve({ code: error?.code ?? 0, errors })
    })
  })
}

t.test('every example tells the same person from another, and errors from both, by its exit code', async (t) => {
  const portraits = await writePortraits()
  t.teardown(() => portraits.remove())
  const [anna, bert] = [0, 1].map((person) => portraits.path(person))
  const text = path.join(folder, 'text.jpg')
  writeFileSync(text, 'hello, I am no picture')
  const engine = await createFaceEngine({ runtime: 'onnx' })
  t.teardown(() => engine.close())
  const { app } = appWith(t, engine, { apiKeys: `test:${API_KEY}` })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const asking = { FACEMETRIC_URL: url, FACEMETRIC_API_KEY: API_KEY }

  for (const { name, command, skip } of RUNNABLE) {
    t.test(name, { skip }, async (t) => {
      t.match(await run([...command, anna, anna], asking), { code: 0 })
      t.match(await run([...command, anna, bert], asking), { code: 1 })
      t.match(await run([...command, anna, text], asking), { code: 2, errors: /unsupported_image_format|415/ })
      t.match(await run([...command, anna, bert], { ...asking, FACEMETRIC_API_KEY: '' }), {
        code: 2,
        errors: /unauthorized|401/,
      })
      t.match(await run([...command, anna, `${bert}.gone`], asking), { code: 2, errors: /./ })
    })
  }
})

t.test(
  'every example says which address does not answer and how it is used, and takes no error for a no',
  async (t) => {
    const other = createServer((request, response) => {
      request.resume().on('end', () => response.end('{}'))
    }).listen(0, '127.0.0.1')
    t.teardown(() => other.close())
    await once(other, 'listening')
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const photo = path.join(folder, 'photo.jpg')
    writeFileSync(photo, 'hello')
    for (const { name, command, skip } of RUNNABLE) {
      t.test(name, { skip }, async (t) => {
        const port = await freePort()
        const gone = await run([...command, photo, photo], { FACEMETRIC_URL: `http://127.0.0.1:${port}` })
        t.match(gone, { code: 2, errors: '127.0.0.1' })
        t.match(gone, { errors: String(port) })
        t.match(await run([...command, photo, photo], { FACEMETRIC_URL: elsewhere }), { code: 2 })
        for (const photos of [[], [photo], [photo, photo, photo]]) {
          t.match(await run([...command, ...photos], {}), { code: 2, errors: /^usage: .*REFERENCE LIVE\n$/ })
        }
      })
    }
  },
)
