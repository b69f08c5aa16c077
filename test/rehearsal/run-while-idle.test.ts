import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { FaceDescriber } from '../../lib/face-describer.js'
import { runWhileIdle } from '../../lib/rehearsal/run-while-idle.js'
import { until } from '../until.js'

const IDLE_MS = 20

/** A describer that answers when it is told to, and writes down what happens. */
function describer(events: string[]) {
  let answer = () => {}
  const plain: FaceDescriber = {
    runtime: 'onnx',
    description: 'none',
    failed: [],
    async describe() {
      events.push('begun')
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      events.push('described')
      throw new Error('no face')
    },
    readiness: () => ({ ready: true }),
    reserve: () => () => {},
    close: async () => void events.push('closed'),
  }
  return { plain, answer: () => answer() }
}

const named = (events: string[], ...names: string[]) => names.map((name) => async () => void events.push(name))

t.test('what is to be run is run while nothing is described', async (t) => {
  const events: string[] = []
  const { plain } = describer(events)
  runWhileIdle(plain, named(events, 'one', 'two'), IDLE_MS)
  await until('both were run', () => events.length === 2)
  t.same(events, ['one', 'two'])
})

t.test('photos that come go first, and the rest is run when they are described', async (t) => {
  const events: string[] = []
  const { plain, answer } = describer(events)
  const busy = runWhileIdle(plain, named(events, 'one', 'two'), IDLE_MS)
  const description = busy.describe([], { faces: 'largest' })
  await sleep(5 * IDLE_MS)
  t.same(events, ['begun'])
  answer()
  await t.rejects(description, { message: 'no face' })
  await until('all was done', () => events.length === 4)
  t.same(events, ['begun', 'described', 'one', 'two'])
})

t.test('photos that come between two runs hold up the second until there are none for a while', async (t) => {
  const events: string[] = []
  const { plain, answer } = describer(events)
  let description: Promise<unknown> = Promise.resolve()
  const first = async () => {
    events.push('one')
    description = busy.describe([], { faces: 'largest' })
  }
  const busy = runWhileIdle(plain, [first, ...named(events, 'two', 'three')], IDLE_MS)
  await until('the photos have come', () => events.length === 2)
  await sleep(5 * IDLE_MS)
  t.same(events, ['one', 'begun'])
  answer()
  await t.rejects(description, { message: 'no face' })
  await until('all was done', () => events.length === 5)
  t.same(events, ['one', 'begun', 'described', 'two', 'three'])
})

t.test('photos that come during a run which leaves no time to hear of them go before the next', async (t) => {
  const events: string[] = []
  const { plain, answer } = describer(events)
  let description: Promise<unknown> = Promise.resolve()
  const deaf = async () => {
    events.push('one')
    setTimeout(() => {
      description = busy.describe([], { faces: 'largest' })
    })
    const end = performance.now() + IDLE_MS
    while (performance.now() < end);
  }
  const busy = runWhileIdle(plain, [deaf, ...named(events, 'two')], IDLE_MS)
  await until('the photos have come', () => events.length === 2)
  t.same(events, ['one', 'begun'])
  answer()
  await t.rejects(description, { message: 'no face' })
  await until('all was done', () => events.length === 4)
  t.same(events, ['one', 'begun', 'described', 'two'])
})

t.test('photos that are announced hold up what is to be run', async (t) => {
  const events: string[] = []
  const { plain } = describer(events)
  const first = async () => {
    events.push('one')
    busy.reserve()
    setTimeout(() => events.push('a while later'), IDLE_MS / 2)
  }
  const busy = runWhileIdle(plain, [first, ...named(events, 'two')], IDLE_MS)
  await until('all was done', () => events.length === 3)
  t.same(events, ['one', 'a while later', 'two'])
})

t.test('closing waits for the run under way and begins no other', async (t) => {
  const events: string[] = []
  const { plain } = describer(events)
  let finish = () => {}
  const long = async () => {
    events.push('long')
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    events.push('finished')
  }
  const busy = runWhileIdle(plain, [long, ...named(events, 'next')], IDLE_MS)
  await until('the run has begun', () => events.includes('long'))
  const closed = busy.close()
  finish()
  await closed
  t.same(events, ['long', 'finished', 'closed'])
})
