import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { cachedGraphFolder } from '../../lib/runtime/graph-cache.js'
import { GRAPH, KEY } from './cached-graph.js'

/** A process that asks for the graph and prints whether it is right. */
const ASKING = fileURLToPath(new URL('./cached-graph.js', import.meta.url))

/** Asks for the graph in a cache folder and says what came of it. */
async function ask(cacheFolder: string) {
  let timesWritten = 0
  const write = () => {
    timesWritten++
    return GRAPH
  }
  const { folder, release } = await cachedGraphFolder(KEY, write, cacheFolder)
  const content = await readFile(path.join(folder, 'saved_model.pb'))
  return { folder, release, timesWritten, isRight: content.equals(GRAPH) }
}

/** The path of a cache folder that nothing has made yet. */
function unmadeFolder(t: Test): string {
  return path.join(t.testdir({}), 'graphs')
}

/** The graph is right, was made for this use alone, and is gone after it. */
async function isMadeAfresh(t: Test, cacheFolder: string): Promise<void> {
  const { folder, release, timesWritten, isRight } = await ask(cacheFolder)
  t.match({ timesWritten, isRight }, { timesWritten: 1, isRight: true })
  t.equal(path.dirname(folder), tmpdir())
  await release()
  await t.rejects(readdir(folder), { code: 'ENOENT' })
}

t.test('a graph is written at the first start and kept for the next', async (t) => {
  const cacheFolder = unmadeFolder(t)
  const first = await ask(cacheFolder)
  await first.release()
  const second = await ask(cacheFolder)
  t.match(
    [first, second],
    [
      { timesWritten: 1, isRight: true, folder: path.join(cacheFolder, KEY) },
      { timesWritten: 0, isRight: true, folder: path.join(cacheFolder, KEY) },
    ],
  )
  t.same(await readdir(cacheFolder), [KEY], 'nothing is left beside it')
})

t.test('a graph that is damaged in any way is written again', async (t) => {
  const damages: Record<string, (folder: string) => Promise<void>> = {
    'cut off': (folder) => truncate(path.join(folder, 'saved_model.pb'), 5000),
    'one byte changed': (folder) => writeFile(path.join(folder, 'saved_model.pb'), GRAPH.with(77, 255)),
    'without its graph': (folder) => rm(path.join(folder, 'saved_model.pb')),
    'without its digest': (folder) => rm(path.join(folder, 'saved_model.sha256')),
    'a folder without anything': async (folder) => {
      await rm(folder, { recursive: true })
      await mkdir(folder)
    },
    'a file in its place': async (folder) => {
      await rm(folder, { recursive: true })
      await writeFile(folder, 'no folder')
    },
  }
  for (const [how, damage] of Object.entries(damages)) {
    await t.test(how, async (t) => {
      const cacheFolder = unmadeFolder(t)
      await damage((await ask(cacheFolder)).folder)
      t.match(await ask(cacheFolder), { timesWritten: 1, isRight: true })
      t.match(await ask(cacheFolder), { timesWritten: 0, isRight: true })
      t.same(await readdir(cacheFolder), [KEY])
    })
  }
})

t.test(
  'graphs that nothing has used for a month are removed when another is written, and nothing else is',
  async (t) => {
    const cacheFolder = unmadeFolder(t)
    await mkdir(cacheFolder, { mode: 0o700 })
    const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000)
    const age = async (name: string, count: number) => {
      const folder = path.join(cacheFolder, name)
      for (const file of [...(await readdir(folder)).map((file) => path.join(folder, file)), folder]) {
        await utimes(file, days(count), days(count))
      }
    }
    const put = async (name: string, files: readonly string[], count: number) => {
      await mkdir(path.join(cacheFolder, name))
      for (const file of files) await writeFile(path.join(cacheFolder, name, file), 'content')
      await age(name, count)
    }
    const graph = ['saved_model.pb', 'saved_model.sha256']
    await put('of-an-old-release', graph, 31)
    await put('of-another-release', graph, 29)
    await put('new-broken-off', ['saved_model.pb'], 31)
    await put('new-begun', [], 0)
    await put('with-something-else', [...graph, 'notes.txt'], 31)
    await writeFile(path.join(cacheFolder, 'a-file'), 'content')
    await utimes(path.join(cacheFolder, 'a-file'), days(31), days(31))
    const elsewhere = path.join(path.dirname(cacheFolder), 'elsewhere')
    await mkdir(elsewhere)
    for (const file of graph) await writeFile(path.join(elsewhere, file), 'content')
    await symlink(elsewhere, path.join(cacheFolder, 'a-link'))

    const stay = ['a-file', 'a-link', KEY, 'new-begun', 'of-another-release', 'with-something-else']
    await ask(cacheFolder)
    t.same((await readdir(cacheFolder)).sort(), stay.sort())
    t.same((await readdir(elsewhere)).sort(), graph)

    await age(KEY, 31)
    t.match(await ask(cacheFolder), { timesWritten: 0, isRight: true }, 'an old one that is used')
    await cachedGraphFolder('another', () => GRAPH, cacheFolder)
    t.same((await readdir(cacheFolder)).sort(), [...stay, 'another'].sort(), 'stays then')
  },
)

t.test('a cache folder that others may write or read is not used', async (t) => {
  for (const mode of [0o777, 0o770, 0o755, 0o701]) {
    const cacheFolder = unmadeFolder(t)
    await mkdir(cacheFolder)
    await chmod(cacheFolder, mode)
    await isMadeAfresh(t, cacheFolder)
    t.same(await readdir(cacheFolder), [])
  }
})

const needsRoot = process.getuid?.() === 0 ? false : 'only root can give a folder away'
t.test("another user's cache folder is not used", { skip: needsRoot }, async (t) => {
  const cacheFolder = unmadeFolder(t)
  await ask(cacheFolder)
  await chown(cacheFolder, 12_345, 12_345)
  await isMadeAfresh(t, cacheFolder)
})

t.test('a cache folder that is a link, or no folder, is not used', async (t) => {
  const elsewhere = path.join(t.testdir({ graphs: {}, file: '' }), 'graphs')
  await chmod(elsewhere, 0o700)
  const link = path.join(path.dirname(elsewhere), 'link')
  await symlink(elsewhere, link)
  await isMadeAfresh(t, link)
  await isMadeAfresh(t, path.join(path.dirname(elsewhere), 'file'))
  t.same(await readdir(elsewhere), [])
})

t.test('a cache folder that cannot be made is not used', async (t) => {
  await isMadeAfresh(t, '/sys/facemetric-graphs') // read-only for everybody, root as well
  await isMadeAfresh(t, path.join(t.testdir({ file: '' }), 'file', 'graphs'))
})

t.test('where a graph cannot be kept, that costs a line and leaves nothing', async (t) => {
  const cacheFolder = unmadeFolder(t)
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  // All is written, and only the last step fails, as on a disk that has just become full.
  const tooLong = 'k'.repeat(300)
  for (const _ of ['first', 'second']) {
    const { folder, release } = await cachedGraphFolder(tooLong, () => GRAPH, cacheFolder)
    t.ok((await readFile(path.join(folder, 'saved_model.pb'))).equals(GRAPH))
    t.equal(path.dirname(folder), tmpdir())
    await release()
  }
  t.same(await readdir(cacheFolder), [])
  await setImmediate()
  t.match(warnings, [{ message: /^a graph cannot be kept in .*graphs, so every start writes it again: ENAMETOOLONG/ }])
  t.equal(warnings.length, 1)
})

t.test('processes that start at once all get the graph, and one stays', async (t) => {
  const cacheFolder = unmadeFolder(t)
  const start = () => promisify(execFile)(process.execPath, [ASKING, cacheFolder])
  const answers = await Promise.all(Array.from({ length: 4 }, start))
  t.same(
    answers.map(({ stdout }) => stdout.trim()),
    Array.from({ length: 4 }, () => 'right'),
  )
  t.same(await readdir(cacheFolder), [KEY])
  t.match(await ask(cacheFolder), { timesWritten: 0, isRight: true })
})
