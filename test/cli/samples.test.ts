import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t from 'tap'
import { runCli } from './run-cli.js'

t.test('samples writes three JPEG photos into a folder that it makes', async (t) => {
  const parent = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
  t.teardown(() => rm(parent, { recursive: true }))
  const folder = path.join(parent, 'a', 'b')
  const { code, stdout, stderr } = await runCli(['samples', folder])
  t.equal(code, 0, stderr)
  const written = stdout.trimEnd().split('\n')
  t.same(written.map((file) => path.basename(file)).sort(), (await readdir(folder)).sort())
  t.equal(written.length, 3)
  for (const file of await readdir(folder)) {
    t.equal((await sharp(path.join(folder, file)).metadata()).format, 'jpeg')
  }
})

t.test('a folder that cannot be made is an error', async (t) => {
  const { code, stdout, stderr } = await runCli(['samples', path.join(fileURLToPath(import.meta.url), 'folder')])
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, /^facemetric: .*samples\.test\.js/)
})

t.test(
  'so is one where nothing can be made',
  { skip: process.platform !== 'linux' && 'there is no /proc' },
  async (t) => {
    const { code, stderr } = await runCli(['samples', '/proc/facemetric/photos'])
    t.equal(code, 2)
    t.match(stderr, /^facemetric: ENOENT.*\/proc\/facemetric/)
  },
)
