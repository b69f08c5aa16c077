import t from 'tap'
import { withScratch } from '../../lib/face/scratch.js'
import { NETWORK_INPUT } from '../../lib/kernels/pixel-kernels.js'

t.test(
  'one run at a time has the room in the memory of the kernels, and it is free after each, whatever came of it',
  async (t) => {
    await withScratch(10, async (first) => {
      t.equal(first, NETWORK_INPUT)
      await withScratch(10, async (second) => {
        t.not(second.buffer, first.buffer)
        await withScratch(10, async (third) => t.not(third.buffer, second.buffer))
      })
    })
    await t.rejects(
      withScratch(10, () => Promise.reject(new Error('no network'))),
      { message: 'no network' },
    )
    await withScratch(10, async (next) => t.equal(next, NETWORK_INPUT))
    const length = NETWORK_INPUT.length + 1
    await withScratch(length, async (larger) => {
      t.ok(larger.length >= length)
      t.not(larger.buffer, NETWORK_INPUT.buffer)
    })
  },
)
