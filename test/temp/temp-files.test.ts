import { readdirSync, readFileSync } from 'node:fs'
import { stat, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { onDisk } from '../../lib/temp/on-disk.js'
import { TempFiles } from '../../lib/temp/temp-files.js'

/** Makes the disk a slow one, whose steps are done on other threads. */
async function stallDisk(): Promise<void> {
  const stall = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  await onDisk(stall, async () => 'slow already')
}

for (const disk of ['quick', 'slow']) {
  t.test(`on a ${disk} disk`, async (t) => {
    if (disk === 'slow') await stallDisk()

    await t.test('a file is made when it is written to, in pieces, for its owner alone', async (t) => {
      const folder = t.testdir()
      const files = new TempFiles(folder + path.sep)
      const file = files.file('photo')
      t.same(readdirSync(folder), [])
      await file.append(Buffer.from('a '))
      await file.append(Buffer.from('face'))
      t.equal(readFileSync(file.path, 'utf8'), 'a face')
      t.equal((await stat(file.path)).mode & 0o777, 0o600)
      await files.remove()
      t.same(readdirSync(folder), [])
    })

    await t.test('a file that somebody else has put there is not written to', async (t) => {
      const folder = t.testdir({ photo: "somebody else's" })
      const files = new TempFiles(folder + path.sep)
      await t.rejects(files.file('photo').append(Buffer.from('a face')), { code: 'EEXIST' })
      t.equal(readFileSync(path.join(folder, 'photo'), 'utf8'), "somebody else's")
    })

    await t.test('once they are removed none is made any more, though a write was under way', async (t) => {
      const folder = t.testdir()
      const files = new TempFiles(folder + path.sep)
      const [early, late] = [files.file('early'), files.file('late')]
      const writes = [early.append(Buffer.from('a face')), late.append(Buffer.from('a face'))]
      await files.remove()
      await Promise.allSettled(writes)
      await t.rejects(early.append(Buffer.from('more')), { message: 'the file has been removed' })
      t.same(readdirSync(folder), [])
    })

    await t.test('all are removed, though one was never made or is gone already', async (t) => {
      const folder = t.testdir()
      const files = new TempFiles(path.join(folder, '1-'))
      await writeFile(path.join(folder, '2-photo'), "another request's")
      await files.file('photo').append(Buffer.from('a face'))
      const gone = files.file('gone')
      await gone.append(Buffer.from('a face'))
      await unlink(gone.path)
      await t.rejects(files.file('none/photo').append(Buffer.from('a face')), { code: 'ENOENT' })
      files.file('never written to')
      await files.remove()
      await files.remove()
      t.same(readdirSync(folder), ['2-photo'])
    })
  })
}
