import t from 'tap'
import { writePortraits } from '../portraits.js'
import { skip } from '../process-tree.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [one, other] = [portraits.path(0), portraits.path(1)]
/** A machine that is busy with something else must not look like a process that hangs. */
const PATIENT = { FACEMETRIC_TIMEOUT: '60' }

t.test('kill -9 of an inference process costs one request; the next is answered within 2 s', { skip }, async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '2', ...PATIENT } })
  t.teardown(() => service.stop())
  const expected = await (await service.compare(one, other)).json()
  const usual = await timeOf(() => service.compare(one, other))
  const before = service.workers()

  // They stand still, so that they surely have not answered when one is killed.
  for (const pid of before) process.kill(pid, 'SIGSTOP')
  const inFlight = [service.compare(one, other), service.compare(one, other)]
  await until('both are at work', async () => (await metrics(service)).includes('facemetric_workers{state="busy"} 2\n'))
  process.kill(before[0], 'SIGKILL')
  process.kill(before[1], 'SIGCONT')
  const answers = await Promise.all(inFlight)
  t.same(answers.map(({ status }) => status).sort(), [200, 503])
  for (const response of answers) {
    if (response.status === 200) t.same(await response.json(), expected)
    else t.match(await response.json(), { status: 503, code: 'process_died' })
  }
  let next: unknown
  const took = await timeOf(async () => {
    next = await (await service.compare(one, other)).json()
  })
  t.ok(took < Math.max(2000, 20 * usual), `${took} ms, where ${usual} are usual`)
  t.same(next, expected)

  await until('there are two processes again', () => service.workers().length === 2)
  t.equal(service.workers().filter((pid) => before.includes(pid)).length, 1)
  await until('nothing of the requests is left', () => service.requestFiles().length === 0)
})

t.test('with one process, a request waits for the new one', { skip }, async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '1', ...PATIENT } })
  t.teardown(() => service.stop())
  await service.compare(one, other)
  const [pid] = service.workers()
  // It stands still, so that it surely has not answered when it is killed.
  process.kill(pid, 'SIGSTOP')
  const broken = service.compare(one, other)
  await until('it is at work', async () => (await metrics(service)).includes('facemetric_workers{state="busy"} 1\n'))
  process.kill(pid, 'SIGKILL')
  t.equal((await broken).status, 503)
  t.match(await (await service.compare(one, other)).json(), { identical: false })
})

t.test('a process that hangs is ended at the deadline, and its client told to try again', { skip }, async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '1', FACEMETRIC_TIMEOUT: '5' } })
  t.teardown(() => service.stop())
  const [pid] = service.workers()
  process.kill(pid, 'SIGSTOP')
  const started = performance.now()
  const response = await service.compare(one, other)
  t.match(await response.json(), { status: 503, code: 'timeout' })
  t.ok(Number(response.headers.get('retry-after')) >= 1)
  t.ok(performance.now() - started < 20_000)
  await until('nothing of the request is left', () => service.requestFiles().length === 0)
  await until('the process is replaced', () => service.workers().length === 1 && !service.workers().includes(pid))
  await until('the service is ready', async () => (await fetch(`${service.url}/health/ready`)).ok)
  t.match(await (await service.compare(one, other)).json(), { identical: false })
})

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await act()
  return performance.now() - started
}

async function metrics(service: Service): Promise<string> {
  return (await fetch(`${service.url}/metrics`)).text()
}
