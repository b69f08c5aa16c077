import t from 'tap'
import { QueueLimit } from '../../lib/pool/queue-limit.js'

/** A limit of 8 and at least 4, after far too much was refused at 0 milliseconds: for 800 more it counts as overload. */
function overloaded(): QueueLimit {
  const limit = new QueueLimit(8, 4)
  for (let i = 0; i < 200; i++) limit.refused(5, 0)
  return limit
}

/** Processes have done their work, and more waited for each. */
function goOn(limit: QueueLimit, times: number): void {
  for (let i = 0; i < times; i++) limit.freed(true)
}

t.test('fewer may wait during overload, as many as before when it is over', async (t) => {
  t.equal(new QueueLimit(8, 4).current(0), 8)
  const limit = overloaded()
  t.equal(limit.current(0), 4)
  t.equal(limit.current(799), 4)
  t.equal(limit.current(800), 8)
})

t.test('refusals now and then leave it as it is', async (t) => {
  const limit = new QueueLimit(8, 4)
  for (let i = 0; i < 80; i++) limit.refused(5, 0)
  t.equal(limit.current(0), 8)
})

t.test('where processes run out of work during overload more may wait, up to what was set', async (t) => {
  const limit = overloaded()
  limit.freed(false)
  t.equal(limit.current(0), 5)
  for (let i = 0; i < 10; i++) limit.freed(false)
  t.equal(limit.current(0), 8)
})

t.test('and fewer again after a while in which none did', async (t) => {
  const limit = overloaded()
  for (let i = 0; i < 3; i++) limit.freed(false)
  goOn(limit, 31)
  t.equal(limit.current(0), 7)
  goOn(limit, 1)
  t.equal(limit.current(0), 6)
  goOn(limit, 31)
  limit.freed(false)
  t.equal(limit.current(0), 7, 'the while begins anew with each that did')
  goOn(limit, 1000)
  t.equal(limit.current(0), 4)
})

t.test('each overload begins with the shortest queue', async (t) => {
  const limit = overloaded()
  for (let i = 0; i < 10; i++) limit.freed(false)
  t.equal(limit.current(0), 8)
  for (let i = 0; i < 200; i++) limit.refused(5, 1000)
  t.equal(limit.current(1000), 4)
})

t.test('no more may wait than was set, overload or not', async (t) => {
  for (const longest of [0, 3]) {
    const limit = new QueueLimit(longest, 4)
    for (let i = 0; i < 200; i++) limit.refused(5, 0)
    limit.freed(false)
    t.equal(limit.current(0), longest)
  }
})
