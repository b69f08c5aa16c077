import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdir, readdir, stat, symlink, utimes } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { openProcessFolder } from '../../lib/temp/process-folder.js'

const MODULE = new URL('../../lib/temp/process-folder.js', import.meta.url).href
const USER_FOLDER = `facemetric-${process.getuid?.()}`

/** Another process that holds a folder below `parent`, with a photo in it. */
async function otherProcess(t: Test, parent: string): Promise<{ child: ChildProcess; photo: string }> {
  const script = `
    import { openProcessFolder } from ${JSON.stringify(MODULE)}
    const folder = await openProcessFolder(${JSON.stringify(parent)})
    const photo = folder.newFiles().file('photo')
    await photo.append(Buffer.from('a face'))
    process.on('SIGTERM', () => process.exit(0))
    console.log(photo.path)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [output] = await once(child.stdout, 'data')
  return { child, photo: String(output).trim() }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await once(child, 'exit')
}

t.test('only the user may enter the folder, and closing removes it with all that is in it', async (t) => {
  const parent = t.testdir()
  const folder = await openProcessFolder(parent)
  const photo = folder.newFiles().file('photo')
  await photo.append(Buffer.from('a face'))
  for (const item of [path.join(parent, USER_FOLDER), folder.path]) {
    t.equal((await stat(item)).mode & 0o777, 0o700)
  }
  t.equal((await stat(photo.path)).mode & 0o777, 0o600)
  t.not(photo.path, folder.newFiles().file('photo').path)
  await folder.close()
  t.same(await readdir(path.join(parent, USER_FOLDER)), [])
})

t.test('what a killed process left is removed at the next start; what a live one has is not', async (t) => {
  const parent = t.testdir()
  const [killed, stopped, live] = await Promise.all([
    otherProcess(t, parent),
    otherProcess(t, parent),
    otherProcess(t, parent),
  ])
  await end(killed.child, 'SIGKILL')
  stopped.child.kill('SIGSTOP')
  t.ok(existsSync(killed.photo))

  const folder = await openProcessFolder(parent)
  t.equal(folder.swept, 1)
  t.notOk(existsSync(killed.photo))
  t.ok(existsSync(stopped.photo), 'a process that is only suspended is alive')
  t.ok(existsSync(live.photo))
  await folder.close()
  t.ok(existsSync(live.photo))

  await end(live.child, 'SIGKILL')
  await end(stopped.child, 'SIGKILL')
  const next = await openProcessFolder(parent)
  t.equal(next.swept, 2)
  await next.close()
  t.same(await readdir(path.join(parent, USER_FOLDER)), [])
})

t.test('a process that exits by itself leaves nothing, even if it had no time to close', async (t) => {
  const parent = t.testdir()
  const { child, photo } = await otherProcess(t, parent)
  await end(child, 'SIGTERM')
  t.notOk(existsSync(photo))
  t.same(await readdir(path.join(parent, USER_FOLDER)), [])
})

t.test("many starts at the same time do not remove each other's folders", async (t) => {
  const parent = t.testdir()
  const folders = await Promise.all(Array.from({ length: 20 }, () => openProcessFolder(parent)))
  for (const folder of folders) t.ok(existsSync(folder.path))
  await Promise.all(folders.map((folder) => folder.close()))
})

t.test('a start that was killed half-way is swept after a while, one under way is not', async (t) => {
  const parent = t.testdir({ [USER_FOLDER]: { 'new-old': {}, 'new-young': {}, 'something else': {} } })
  const anHourAgo = new Date(Date.now() - 3_600_000)
  await utimes(path.join(parent, USER_FOLDER, 'new-old'), anHourAgo, anHourAgo)
  const folder = await openProcessFolder(parent)
  const names = await readdir(path.join(parent, USER_FOLDER))
  t.same(names.sort(), [path.basename(folder.path), 'new-young', 'something else'])
  await folder.close()
})

t.test('a path too long for a socket will do on Linux', { skip: process.platform !== 'linux' }, async (t) => {
  const parent = path.join(t.testdir(), 'a'.repeat(100))
  await mkdir(parent)
  const killed = await otherProcess(t, parent)
  const live = await otherProcess(t, parent)
  await end(killed.child, 'SIGKILL')
  const folder = await openProcessFolder(parent)
  t.notOk(existsSync(killed.photo))
  t.ok(existsSync(live.photo))
  await folder.close()
})

t.test("a folder that is not this user's own is refused", async (t) => {
  const parent = t.testdir({ elsewhere: {} })
  await symlink(path.join(parent, 'elsewhere'), path.join(parent, USER_FOLDER))
  await t.rejects(openProcessFolder(parent), { message: /facemetric-\d+ .*: it is a link or a file/ })
  t.same(await readdir(path.join(parent, 'elsewhere')), [])
})

t.test(
  'a folder of another user is refused',
  { skip: process.getuid?.() !== 0 && 'only root can make one' },
  async (t) => {
    const parent = t.testdir({ [USER_FOLDER]: {} })
    await chown(path.join(parent, USER_FOLDER), 12345, 12345)
    await t.rejects(openProcessFolder(parent), { message: /belongs to another user/ })
  },
)

t.test('a folder that others may enter is closed to them', async (t) => {
  const parent = t.testdir()
  await mkdir(path.join(parent, USER_FOLDER), { mode: 0o755 })
  const folder = await openProcessFolder(parent)
  t.equal((await stat(path.join(parent, USER_FOLDER))).mode & 0o777, 0o700)
  await folder.close()
})

t.test('a place that is not there is an error that names it', async (t) => {
  await t.rejects(openProcessFolder('/no/such/place'), {
    message: /Cannot keep temporary files in \/no\/such\/place.*FACEMETRIC_TEMP_DIR.*ENOENT/,
  })
})
