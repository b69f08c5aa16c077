import t from 'tap'
import { DiskWatch, onDisk } from '../../lib/temp/on-disk.js'

const elsewhere = async () => 'elsewhere'

/** A disk whose steps take as long as they are told to. */
function watchedDisk() {
  let now = 1000
  let waited = 0
  const watch = new DiskWatch({ now: () => now, waited: () => waited })
  return {
    pass(milliseconds: number) {
      now += milliseconds
    },
    /** @param waiting how much of that the thread waits for a processor */
    step(milliseconds: number, waiting = 0): Promise<string> {
      const atOnce = () => {
        now += milliseconds
        waited += waiting
        return 'at once'
      }
      return watch.do(atOnce, elsewhere)
    },
  }
}

t.test('what an operation gives, or throws, comes back either way', async (t) => {
  t.equal(await onDisk(() => 'done', elsewhere), 'done')
  const full = () => {
    throw new Error('disk full')
  }
  await t.rejects(onDisk(full, elsewhere), { message: 'disk full' })
})

t.test('after a disk stalled, nobody has to wait for it for ten seconds', async (t) => {
  // As a system call does that waits for a disk.
  const stall = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  t.equal(await onDisk(stall, elsewhere), 'timed-out')
  t.equal(await onDisk(stall, elsewhere), 'elsewhere')

  const disk = watchedDisk()
  t.equal(await disk.step(21), 'at once')
  disk.pass(9_999)
  t.equal(await disk.step(21), 'elsewhere')
  disk.pass(2)
  t.equal(await disk.step(0.05), 'at once', 'then it is tried again')
  t.equal(await disk.step(0.05), 'at once')
})

t.test('a disk that stalls again and again is tried less and less often', async (t) => {
  const disk = watchedDisk()
  let stalls = 0
  for (let second = 0; second < 3600; second++) {
    if ((await disk.step(60)) === 'at once') stalls++
    disk.pass(1000)
  }
  t.ok(stalls < 20, `${stalls} in an hour`)
  disk.pass(3600_000)
  await disk.step(60)
  disk.pass(10_001)
  t.equal(await disk.step(0.05), 'at once', 'long ago does not count')
})

t.test('so is one that is slow on the whole', async (t) => {
  const disk = watchedDisk()
  const done = []
  for (let i = 0; i < 100; i++) done.push(await disk.step(5))
  t.equal(done[0], 'at once')
  t.equal(done[99], 'elsewhere')
})

t.test('a busy processor is not the fault of the disk', async (t) => {
  const disk = watchedDisk()
  for (let i = 0; i < 100; i++) t.equal(await disk.step(80, 79.9), 'at once')
})
