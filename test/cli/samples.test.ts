import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
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

t.test('photos of your own are kept: a file of the same name is named, and nothing is written beside it', async (t) => {
  const folder = t.testdir({ 'other-person.jpg': 'my own photo' })
  const own = path.join(folder, 'other-person.jpg')
  const { code, stdout, stderr } = await runCli(['samples', folder])
  t.same([code, stdout], [2, ''])
  t.equal(
    stderr,
    `facemetric: ${own} is there already, and is another file: nothing was written. Name another folder\n`,
  )
  t.same(await readdir(folder), ['other-person.jpg'])
  t.equal(await readFile(own, 'utf8'), 'my own photo')
})

t.test('the same command again is fine, and brings back what was removed', async (t) => {
  const folder = t.testdir()
  const first = await runCli(['samples', folder])
  await rm(path.join(folder, 'same-person.jpg'))
  t.same(await runCli(['samples', folder]), first)
  t.same((await readdir(folder)).sort(), ['other-person.jpg', 'reference.jpg', 'same-person.jpg'])
})

t.test('a file instead of a folder is told as such', async (t) => {
  const file = path.join(t.testdir({ 'photo.jpg': '' }), 'photo.jpg')
  const { code, stderr } = await runCli(['samples', file])
  t.same([code, stderr], [2, `facemetric: ${file} is a file; the photos need a folder\n`])
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
