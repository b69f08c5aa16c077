import t from 'tap'
import { Overload } from '../../lib/pool/overload.js'

/** Milliseconds that a piece of work takes. */
const WORK = 10

/** Tells of so many refusals a second from `from` to `to`, both in milliseconds, as long as there is no overload. @returns until when */
function refuse(overload: Overload, perSecond: number, from: number, to: number): number {
  let now = from
  for (; now < to && !overload.isOn(now); now += 1000 / perSecond) overload.refused(WORK, now)
  return now
}

t.test('what is refused of a burst is none, one more is', async (t) => {
  const overload = new Overload(20)
  t.notOk(overload.isOn(1000))
  for (let i = 0; i < 20; i++) overload.refused(WORK, 1000)
  t.notOk(overload.isOn(1000))
  overload.refused(WORK, 1000)
  t.ok(overload.isOn(1000))
})

t.test('bursts with some rest between them are none, however many', async (t) => {
  const overload = new Overload(20)
  for (let burst = 0; burst < 100; burst++) refuse(overload, 10_000, burst * 200, burst * 200 + 2)
  t.notOk(overload.isOn(100 * 200))
})

t.test('ten times what can be done soon is one, less than twice never', async (t) => {
  const many = refuse(new Overload(20), 900, 0, 60_000)
  t.ok(many < 50, `after ${many} ms`)
  t.ok(refuse(new Overload(20), 90, 0, 60_000) >= 60_000)
})

t.test('it goes on while as much is refused, and is soon over however long that went on', async (t) => {
  const overload = new Overload(20)
  for (let now = 0; now <= 20_000; now++) overload.refused(WORK, now)
  t.ok(overload.isOn(20_000 + 399), 'twice twenty pieces are remembered')
  t.notOk(overload.isOn(20_000 + 400))
  overload.refused(WORK, 20_401)
  t.notOk(overload.isOn(20_401), 'then it takes as many again')
})

t.test('twice a minute it is tried whether it is over, and where it is not it begins again at once', async (t) => {
  const overload = new Overload(20)
  const seen: boolean[] = []
  for (let now = 0; now < 65_000; now++) {
    seen.push(overload.isOn(now))
    overload.refused(WORK, now)
  }
  const began = seen.flatMap((isOn, now) => (isOn && !seen[now - 1] ? [now] : []))
  t.equal(began.length, 3)
  const off = seen.filter((isOn) => !isOn).length
  t.ok(off < 100, `${off} of 65,000 ms without`)
})

t.test('as long as nobody knows how long work takes there is none', async (t) => {
  const overload = new Overload(20)
  for (let i = 0; i < 100; i++) overload.refused(0, 5)
  t.notOk(overload.isOn(5))
})
