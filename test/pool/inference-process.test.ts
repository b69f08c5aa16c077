import t from 'tap'
import { InferenceProcess, NotBegunError } from '../../lib/pool/inference-process.js'
import type { DescribeMessage } from '../../lib/pool/messages.js'
import { writePortraits } from '../portraits.js'

const portraits = await writePortraits()
t.teardown(() => portraits.remove())
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
    const options = { describer: { runtime: 'onnx' as const }, memoryLimit: 2 ** 31, startTimeout: 60_000 }
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
