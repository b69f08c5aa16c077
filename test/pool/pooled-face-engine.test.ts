import { chmodSync } from 'node:fs'
import path from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import { createPooledFaceEngine } from '../../lib/pool/pooled-face-engine.js'
import type { ProcessEvent } from '../../lib/pool/process-keeper.js'
import type { Timings } from '../../lib/timings.js'
import { writePortraits } from '../portraits.js'
import { isRunning, until } from '../until.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [one, other] = [portraits.path(0), portraits.path(1)]

/** A pool of one process that is ready, closed when the test ends. */
async function startPool(t: Test, options: Parameters<typeof createPooledFaceEngine>[0] = {}) {
  const pool = await createPooledFaceEngine({ runtime: 'onnx', workers: 1, timeout: 60, ...options })
  t.teardown(() => pool.close())
  return pool
}

t.test(
  'a process is given photos as soon as it is ready, though the program that schedules it takes seconds',
  async (t) => {
    const { PATH = '' } = process.env
    const folder = t.testdir({ chrt: '#!/bin/sh\nexec sleep 60\n' })
    chmodSync(path.join(folder, 'chrt'), 0o755)
    process.env.PATH = `${folder}${path.delimiter}${PATH}`
    t.teardown(() => {
      process.env.PATH = PATH
    })
    const events: ProcessEvent[] = []
    const pool = await startPool(t, { onEvent: (event) => events.push(event) })
    const [ready] = events
    // It is given up after five seconds: a start may take longer on a machine that is very busy.
    if (ready.type === 'ready' && ready.milliseconds < 4000) t.equal(ready.scheduling, undefined, 'it is not known yet')
    t.match(await pool.compare(one, other), { identical: false })
  },
)

t.test('answers of the pool are those of the engine in this process', async (t) => {
  const pool = await startPool(t)
  const engine = await createFaceEngine({ runtime: 'onnx' })
  t.teardown(() => engine.close())
  t.same(await pool.compare(one, other), await engine.compare(one, other))
  t.equal(pool.description, engine.description)
  t.same(pool.readiness(), { ready: true })

  t.test('a photo that cannot be used is refused with its code and field', async (t) => {
    const notAPhoto = fileURLToPath(import.meta.url)
    const refused = { name: 'FaceError', code: 'unsupported_image_format', field: 'live_image' }
    await t.rejects(pool.compare(one, notAPhoto), refused)
    await t.rejects(pool.compare(one, other, { threshold: 5 }), RangeError)
  })

  t.test('a photo that is not there is the same error as in this process, in one line', async (t) => {
    const failed = await Promise.all(
      [pool, engine].map((each) => each.compare(one, 'none.jpg').catch((error) => error)),
    )
    for (const error of failed) {
      t.match(error, { code: 'ENOENT', message: /^ENOENT: no such file or directory, open .*none\.jpg'$/ })
      t.match(error.stack, 'open-photo', 'the log can tell where')
    }
  })

  t.test('a comparison may be given up before, while it waits, and while it is made', async (t) => {
    const gone = new Error('the client left')
    await t.rejects(pool.compare(one, other, { signal: AbortSignal.abort(gone) }), gone)
    const [running, waiting] = [new AbortController(), new AbortController()]
    const first = pool.compare(one, other, { signal: running.signal })
    const second = pool.compare(one, other, { signal: waiting.signal })
    const third = pool.compare(one, one)
    t.match(pool.stats(), { busy: 1, queued: 2 })
    waiting.abort(gone)
    await t.rejects(second, gone)
    t.match(pool.stats(), { busy: 1, queued: 1 }, 'its place is free at once')
    running.abort(gone)
    await t.rejects(first, gone)
    t.equal((await third).identical, true, 'the next one gets its own answer, not that of the one given up')
  })

  t.test('when the queue is full, a comparison is refused at once with the time to come back', async (t) => {
    let answered = 0
    const accepted = Array.from({ length: 5 }, () => pool.compare(one, other).finally(() => answered++))
    t.throws(() => pool.reserve(), { name: 'UnavailableError', code: 'busy' })
    const refusal = await pool.compare(one, other).catch((error) => error)
    t.match(refusal, { code: 'busy', retryAfter: Number })
    t.ok(Number.isInteger(refusal.retryAfter) && refusal.retryAfter >= 1)
    t.equal(answered, 0, 'before any of those that were there first is answered')
    t.equal((await Promise.all(accepted)).length, 5)
    t.doesNotThrow(() => pool.reserve()())
  })

  t.test('a place that is kept counts until it is given back, or for two seconds', async (t) => {
    const kept = Array.from({ length: 5 }, () => pool.reserve())
    t.throws(() => pool.reserve(), { code: 'busy' })
    await t.rejects(pool.compare(one, other), { code: 'busy' })
    kept[0]()
    kept[0]()
    t.match(await pool.compare(one, other), { identical: false }, 'the place serves a comparison')
    kept.push(pool.reserve())
    t.throws(() => pool.reserve(), { code: 'busy' })
    await sleep(2100)
    const later = Array.from({ length: 5 }, () => pool.reserve())
    t.equal(later.length, 5, 'places of uploads that never arrive are free again')
    for (const release of later) release()
  })

  t.test('while far more is asked than it can do, those who are accepted wait for fewer others', async (t) => {
    /** How many places there are; asks for one more than that. */
    const places = () => {
      const kept: (() => void)[] = []
      t.throws(
        () => {
          for (;;) kept.push(pool.reserve())
        },
        { code: 'busy' },
      )
      for (const release of kept) release()
      return kept.length
    }
    for (let i = 0; i < 10; i++) t.equal(places(), 5, 'some refusals change nothing')
    const kept = Array.from({ length: 5 }, () => pool.reserve())
    for (let i = 0; i < 60; i++) t.throws(() => pool.reserve(), { code: 'busy' })
    t.match(pool.stats(), { queueLimit: 1 })
    for (const release of kept.slice(1)) release()
    t.equal(places(), 1, 'beside the one that is still kept')
    const others = kept.slice(1).map(() => pool.compare(one, other))
    kept[0]()
    t.match(await pool.compare(one, other), { identical: false }, 'who had a place by then is answered')
    await Promise.all(others)
    await until('it is over', () => pool.stats().queueLimit === 4)
    t.equal(places(), 5)
  })

  t.test('Ctrl-C in the terminal does not end a process that the service still needs', async (t) => {
    const { pid } = pool.stats().processes[0]
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pid!, signal)
    await pool.compare(one, other)
    t.equal(pool.stats().processes[0].pid, pid)
  })

  t.test('a process that is killed costs the comparison it was making; the one that waits is made', async (t) => {
    const broken = pool.compare(one, other)
    const next = pool.compare(one, other)
    process.kill(pool.stats().processes[0].pid!, 'SIGKILL')
    await t.rejects(broken, { name: 'UnavailableError', code: 'process_died' })
    t.match(await next, { identical: false })
    t.match(pool.stats(), { restarts: 1, busy: 0, queued: 0 })
  })

  t.test('one that was given to a process for afterwards is not lost with it', async (t) => {
    const { pid } = pool.stats().processes[0]
    const both = [pool.compare(one, other), pool.compare(one, other)]
    // While the first is not answered yet, the second is there for the process to go on with.
    while (pool.stats().queued > 0) await setImmediate()
    process.kill(pid!, 'SIGKILL')
    const [first, second] = await Promise.allSettled(both)
    const died = [first, second].filter(({ status }) => status === 'rejected')
    t.ok(died.length <= 1, 'the one it was at work on, unless that was answered just before')
    for (const each of died) t.match(each, { reason: { code: 'process_died' } })
    // Where both were answered before, the process may not be known to have ended yet.
    await until('another is ready', () => pool.stats().processes[0].pid !== pid && pool.readiness().ready)
    t.match(await pool.compare(one, other), { identical: false })
    t.match(pool.stats(), { busy: 0, queued: 0 })
  })
})

t.test('with two processes idle a lone comparison is shared between them, and with one it is not', async (t) => {
  const pool = await startPool(t, { workers: 2 })
  const engine = await createFaceEngine({ runtime: 'onnx' })
  t.teardown(() => engine.close())
  const expected = await engine.compare(one, other)

  const lone = pool.compare(one, other)
  t.match(pool.stats(), { busy: 2, queued: 0 })
  const shared = await lone
  t.ok(Math.abs(shared.distance - expected.distance) < 1e-5, 'but for rounding')
  t.same(shared.live_image, expected.live_image)

  const pair = [pool.compare(one, other), pool.compare(other, one)]
  t.match(pool.stats(), { busy: 2, queued: 1 }, 'the second one waits for the first process that is free')
  await Promise.all(pair)

  const notAPhoto = fileURLToPath(import.meta.url)
  const refused = { code: 'unsupported_image_format', field: 'reference_image' }
  await t.rejects(pool.compare(notAPhoto, notAPhoto), refused, 'of two bad photos the first is told')
  await until('both processes are idle', () => pool.stats().busy === 0)
  t.match(await pool.compare(one, one), { identical: true })
})

t.test('a comparison tells how long each phase took', async (t) => {
  const pool = await startPool(t)
  const seen: Timings[] = []
  const onTimings = (timings: Timings) => seen.push(timings)
  const started = performance.now()
  await Promise.all([pool.compare(one, other, { onTimings }), pool.compare(one, other, { onTimings })])
  const took = performance.now() - started
  const [first, second] = seen
  for (const { decode, detect, landmarks, describe } of seen) {
    t.ok([decode, detect, landmarks, describe].every((milliseconds) => milliseconds > 0))
    t.ok(decode + detect + landmarks + describe < took)
  }
  t.ok(second.queue > first.queue + first.describe, 'the second one waited for the first')
})

t.test('a comparison past its deadline is ended together with its process', async (t) => {
  const pool = await startPool(t, { timeout: 0.5 })
  const { pid } = pool.stats().processes[0]
  process.kill(pid!, 'SIGSTOP') // As if it hung: it neither answers nor listens to a signal that could be ignored.
  const started = performance.now()
  await t.rejects(pool.compare(one, other), { name: 'UnavailableError', code: 'timeout' })
  t.ok(performance.now() - started < 5000)
  await until('the process has ended', () => !isRunning(pid!))
  await until('another is ready', () => pool.readiness().ready)
  t.not(pool.stats().processes[0].pid, pid)
})

t.test('a process that dies at every start is started again with growing pauses, and the reason is told', async (t) => {
  const ends: { reason: string; restartIn: number }[] = []
  const pool = await startPool(t, {
    workerMemory: 20, // Node alone takes more.
    onEvent: (event) => event.type === 'ended' && ends.push(event),
  })
  await until('three starts have failed', () => ends.length >= 3)
  t.same(
    ends.slice(0, 3).map(({ restartIn }) => restartIn),
    [250, 500, 1000],
  )
  t.match(ends[0].reason, /memory/)
  const readiness = pool.readiness()
  t.match(readiness, { ready: false, reason: /no inference process is ready; the last one .*memory/ })
  await t.rejects(pool.compare(one, other), { name: 'UnavailableError', code: 'not_ready' })
})

t.test('settings with which no process can ever start are an error at once', async (t) => {
  await t.rejects(createPooledFaceEngine({ runtime: 'onnx', workers: 2, threshold: 7 }), /threshold must be above 0/)
})

t.test('closing finishes what was accepted, refuses what comes then, and leaves no process', async (t) => {
  const pool = await createPooledFaceEngine({ runtime: 'onnx', workers: 1 })
  const { pid } = pool.stats().processes[0]
  const accepted = [pool.compare(one, other), pool.compare(one, other), pool.compare(one, other)]
  await sleep(10)
  const closed = pool.close()
  await t.rejects(pool.compare(one, other), { code: 'shutting_down' })
  t.match(pool.readiness(), { ready: false })
  t.equal((await Promise.all(accepted)).length, 3)
  await closed
  t.notOk(isRunning(pid!))
})
