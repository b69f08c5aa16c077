import t from 'tap'
import { Pacer } from '../lib/pacer.js'

t.test('no more than a tenth of a second’s turns are had at once; further ones come evenly', async (t) => {
  const pacer = new Pacer(100)
  const waits = Array.from({ length: 15 }, () => pacer.next(5000))
  t.same(waits, [...Array(10).fill(0), 10, 20, 30, 40, 50])
  t.equal(pacer.next(5050), 10, 'whoever comes later waits for those before')
  t.same(
    [5300, 5310, 5320].map((now) => pacer.next(now)),
    [0, 0, 0],
    'after a while nobody waits',
  )
})

t.test('as many as may be never wait, however long it goes on', async (t) => {
  const pacer = new Pacer(1000)
  const waits = Array.from({ length: 5000 }, (_, i) => pacer.next(i + (i % 7)))
  t.same(new Set(waits), new Set([0]))
})

t.test('nobody waits for longer than a second', async (t) => {
  const pacer = new Pacer(10)
  const waits = Array.from({ length: 50 }, () => pacer.next(0))
  t.equal(Math.max(...waits), 1000)
  t.equal(pacer.next(2000), 0, 'nor does anybody later, for those who asked in vain')
})
