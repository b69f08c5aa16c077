import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Description } from '../../lib/face-describer.js'
import { JobQueue } from '../../lib/pool/job-queue.js'

const timings = { queue: 0, decode: 0, detect: 0, landmarks: 0, describe: 0, handover: 0, verdict: 0 }
const DESCRIPTION: Description = { engine: 'onnx', photos: [], timings }
const queueOf = (longestMs: number) => new JobQueue(longestMs, () => new Error('too late'))
const job = (path: string, signal?: AbortSignal) => ({
  photos: [{ path, field: 'live_image' as const }],
  faces: 'largest' as const,
  apart: false,
  signal,
})

t.test('jobs are taken in the order of arrival, and one that is put back comes first again', async (t) => {
  const queue = queueOf(60_000)
  const described = ['a', 'b', 'c'].map((path) => queue.add(job(path)))
  const first = queue.take()!
  t.equal(first.photos[0].path, 'a')
  queue.putBack(first)
  t.equal(queue.size, 3)
  const taken = [queue.take()!, queue.take()!, queue.take()!]
  t.same(
    taken.map(({ photos }) => photos[0].path),
    ['a', 'b', 'c'],
  )
  t.equal(queue.take(), undefined)
  for (const each of taken) each.resolve(DESCRIPTION)
  t.same(await Promise.all(described), [DESCRIPTION, DESCRIPTION, DESCRIPTION])
})

t.test('whoever was not taken in time is told so', async (t) => {
  const queue = queueOf(20)
  await t.rejects(queue.add(job('a')), { message: 'too late' })
  t.equal(queue.size, 0)
})

t.test('so is whoever was taken, and is put back when the time is over', async (t) => {
  const queue = queueOf(20)
  const described = queue.add(job('a'))
  const taken = queue.take()!
  await sleep(40)
  queue.putBack(taken)
  t.equal(queue.size, 0)
  await t.rejects(described, { message: 'too late' })
})

t.test('whoever was put back before that waits for the rest of the time', async (t) => {
  const queue = queueOf(40)
  const described = queue.add(job('a'))
  queue.putBack(queue.take()!)
  t.equal(queue.size, 1)
  await t.rejects(described, { message: 'too late' })
})

t.test('what takes longer once it was taken is not too late', async (t) => {
  const queue = queueOf(20)
  const described = queue.add(job('a'))
  const taken = queue.take()!
  await sleep(40)
  taken.resolve(DESCRIPTION)
  t.equal(await described, DESCRIPTION)
})

t.test('a job that is given up leaves the queue, and is not put back', async (t) => {
  const queue = queueOf(60_000)
  const gone = new Error('the client left')
  const [running, waiting] = [new AbortController(), new AbortController()]
  const described = [queue.add(job('a', running.signal)), queue.add(job('b', waiting.signal))]
  const taken = queue.take()!
  for (const each of [running, waiting]) each.abort(gone)
  for (const each of described) await t.rejects(each, gone)
  queue.putBack(taken)
  t.equal(queue.size, 0)
})

t.test('all can be rejected at once', async (t) => {
  const queue = queueOf(60_000)
  const described = [queue.add(job('a')), queue.add(job('b'))]
  queue.rejectAll(new Error('no process starts'))
  t.equal(queue.size, 0)
  for (const each of described) await t.rejects(each, { message: 'no process starts' })
})
