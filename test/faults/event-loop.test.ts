import { fileURLToPath } from 'node:url'
import t from 'tap'
import { writePortraits } from '../portraits.js'
import { Service } from '../service.js'
import { until } from '../until.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const PROBE = new URL('./event-loop-probe.js', import.meta.url)
const CLIENTS = 16
const REQUESTS = 300
const LONGEST_MS = 50

t.test('under full load the event loop is never blocked for more than 50 ms', async (t) => {
  const env = { FACEMETRIC_WORKERS: '2' } // However many CPUs there are, so many clients are too many.
  const service = await Service.start({ env, execArgv: ['--import', fileURLToPath(PROBE)] })
  t.teardown(() => service.stop())
  const reports = () => service.log.filter(({ msg }) => msg === 'event loop')
  const report = async () => {
    const before = reports().length
    service.kill('SIGUSR2')
    await until('it reports', () => reports().length > before)
    return reports().at(-1)!
  }

  await service.compare(portraits.path(0), portraits.path(1))
  await report() // What came before the load does not count.
  let left = REQUESTS
  const statuses = new Map<number, number>()
  const client = async () => {
    while (left-- > 0) {
      const { status } = await service.compare(portraits.path(left % 6), portraits.path((left + 1) % 6))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const { longestDelay, longestBlock } = await report()
  t.comment(
    `longest delay ${Number(longestDelay).toFixed(1)} ms, of it computing ${Number(longestBlock).toFixed(1)} ms`,
  )
  t.comment(`answers by status: ${JSON.stringify(Object.fromEntries(statuses))}`)
  t.same([...statuses.keys()].sort(), [200, 503])
  t.ok(Number(longestBlock) <= LONGEST_MS, `blocked for ${longestBlock} ms`)
})
