import t from 'tap'
import { writePortraits } from '../portraits.js'
import { signalIfThere, skip } from '../process-tree.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [one, other] = [portraits.path(0), portraits.path(1)]

t.test('with processes that die at every start, the service says not ready and why, and keeps trying', async (t) => {
  // Node itself takes more than that.
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '1', FACEMETRIC_WORKER_MEMORY: '20' } })
  t.teardown(() => service.stop())

  const ready = await fetch(`${service.url}/health/ready`)
  t.equal(ready.status, 503)
  t.ok(ready.headers.has('retry-after'))
  t.match(await ready.json(), { code: 'not_ready', error: /no inference process is ready; the last one .*memory/ })
  t.equal((await fetch(`${service.url}/health/live`)).status, 200)
  t.match(await (await service.compare(one, other)).json(), { status: 503, code: 'not_ready' })

  const pauses = () => service.log.flatMap(({ restartIn }) => (typeof restartIn === 'number' ? [restartIn] : []))
  await until('it has tried four times', () => pauses().length >= 4, 90)
  t.same(pauses().slice(0, 4), [250, 500, 1000, 2000])
})

t.test('once processes no longer die, the service is ready without a restart', { skip }, async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '1' } })
  t.teardown(() => service.stop())
  const killed = new Set<number>()
  const killAll = () => {
    for (const pid of service.workers()) {
      if (!killed.has(pid) && signalIfThere(pid, 'SIGKILL')) killed.add(pid)
    }
  }
  const took = await until(
    'it has tried four times',
    () => {
      if (killed.size < 4) killAll()
      return killed.size >= 4
    },
    60,
  )
  t.ok(took >= 250 + 500, 'it pauses between, and does not spin')
  await until('it says not ready', async () => {
    killAll()
    return (await fetch(`${service.url}/health/ready`)).status === 503
  })
  await until('the service is ready', async () => (await fetch(`${service.url}/health/ready`)).ok)
  t.match(await (await service.compare(one, other)).json(), { identical: false })
})

t.test('a runtime that does not load is an error at the start, in one line', async (t) => {
  const env = { FACEMETRIC_ENGINE: 'face-api', FACEMETRIC_PRECISION: 'int8', FACEMETRIC_WORKERS: '1' }
  const reason = /\nfacemetric: the runtime face-api: has no int8; the others have\n$/
  await t.rejects(Service.start({ env }), { message: reason })
})
