import { readFileSync } from 'node:fs'
import t from 'tap'
import { InferenceProcess, NotBegunError } from '../../lib/pool/inference-process.js'
import type { DescribeMessage } from '../../lib/pool/messages.js'
import { scheduleAsBatch } from '../../lib/pool/scheduling.js'
import { writePortraits } from '../portraits.js'

const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const options = { describer: { runtime: 'onnx' as const }, memoryLimit: 2 ** 31, startTimeout: 60_000 }
const message: DescribeMessage = {
  type: 'describe',
  photos: [{ path: portraits.path(0) }],
  faces: 'largest',
  apart: false,
  searchFor: 1000,
  tellLastStep: true,
}

t.test(
  'when a process ends, what it was at work on is lost, and what it has not begun can go to another',
  async (t) => {
    const inference = new InferenceProcess(options, () => {})
    t.teardown(() => inference.end('the test is over'))
    await inference.ready
    process.kill(inference.pid!, 'SIGSTOP') // So that it answers neither.
    const begun: string[] = []
    const described = ['first', 'second', 'third'].map((name) => inference.describe(message, () => begun.push(name)))
    process.kill(inference.pid!, 'SIGKILL')
    const [first, ...others] = await Promise.allSettled(described)
    t.match(first, { status: 'rejected', reason: { code: 'process_died' } })
    for (const other of others) t.ok(other.status === 'rejected' && other.reason instanceof NotBegunError)
    t.same(begun, ['first'])
    t.match(await inference.ended, { reason: 'was ended by SIGKILL' })
  },
)

t.test(
  'a process that is given photos does not take the CPU from the service, which has more to hand out',
  { skip: process.platform !== 'linux' && 'only Linux tells how a process is scheduled' },
  async (t) => {
    const inference = new InferenceProcess(options, () => {})
    t.teardown(() => inference.end('the test is over'))
    if ((await inference.scheduling) === 'normal') {
      t.comment('there is no chrt here')
      t.equal(policyOf(inference.pid!), SCHED_OTHER)
    } else {
      t.equal(policyOf(inference.pid!), SCHED_BATCH)
    }
    await inference.ready
  },
)

t.test('where it cannot be scheduled so, it says so and works as well', async (t) => {
  const { PATH } = process.env
  t.teardown(() => {
    process.env.PATH = PATH
  })
  process.env.PATH = process.execPath // No folder.
  t.equal(await scheduleAsBatch(process.pid), 'normal')
  process.env.PATH = '/nowhere'
  const inference = new InferenceProcess(options, () => {})
  t.teardown(() => inference.end('the test is over'))
  t.equal(await inference.scheduling, 'normal')
  await inference.ready
  t.equal((await inference.describe(message, () => {})).photos.length, 1)
})

t.test('a process that has ended begins nothing: another one can', async (t) => {
  const inference = new InferenceProcess(options, () => {})
  await inference.ready
  inference.end('the test is over')
  const describe = () => inference.describe(message, () => t.fail('it has begun')).catch((error) => error)
  t.ok((await describe()) instanceof NotBegunError, 'when it was told to')
  await inference.ended
  t.ok((await describe()) instanceof NotBegunError, 'and when it has')
})

/** Source: proc_pid_stat(5), field 41; the numbers: sched(7). */
const SCHED_OTHER = 0
const SCHED_BATCH = 3
function policyOf(pid: number): number {
  const [, afterName] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  return Number(afterName.split(' ')[41 - 3])
}
