import t from 'tap'
import { onDisk } from '../../lib/temp/on-disk.js'

/** As a system call does that waits for a disk. */
function wait(milliseconds: number): string {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
  return 'at once'
}

const elsewhere = async () => 'elsewhere'

t.test('what an operation gives, or throws, comes back either way', async (t) => {
  t.equal(await onDisk(() => 'done', elsewhere), 'done')
  const full = () => {
    throw new Error('disk full')
  }
  await t.rejects(onDisk(full, elsewhere), { message: 'disk full' })
})

t.test('once the disk was slow, nobody has to wait for it any more', async (t) => {
  t.equal(await onDisk(() => wait(300), elsewhere), 'at once')
  t.equal(await onDisk(() => wait(300), elsewhere), 'elsewhere')
})
