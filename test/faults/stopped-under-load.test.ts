import t from 'tap'
import { writePortraits } from '../portraits.js'
import { skip } from '../process-tree.js'
import { Service } from '../service.js'
import { isRunning, until } from '../until.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [one, other] = [portraits.path(0), portraits.path(1)]

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} under load: what was accepted is answered, what is new is refused`, { skip }, async (t) => {
    const service = await Service.start({
      env: {
        FACEMETRIC_WORKERS: '2',
        FACEMETRIC_QUEUE: '20',
        FACEMETRIC_TIMEOUT: '60',
        FACEMETRIC_LOG_LEVEL: 'debug',
      },
    })
    t.teardown(() => service.stop())
    const workers = service.workers()
    const accepted = Array.from({ length: 20 }, () => service.compare(one, other))
    const arrived = () => service.log.filter(({ msg }) => msg === 'arrived').length
    await until('all have arrived', () => arrived() === accepted.length)
    // As Ctrl-C in a terminal does, to the whole group.
    if (signal === 'SIGINT') for (const pid of workers) process.kill(pid, signal)
    service.kill(signal)
    await until('it stops', () => service.log.some(({ msg }) => msg?.startsWith(`${signal}: `)))

    const late = await service.compare(one, other).catch(() => 'refused')
    t.ok(late === 'refused' || (late instanceof Response && late.status === 503))
    const statuses = (await Promise.all(accepted)).map(({ status }) => status)
    t.same(statuses, Array(20).fill(200))
    t.same(await service.exited, { code: 0, signal: null })
    t.notOk(workers.some(isRunning))
    t.same(service.requestFiles(), [])
  })
}
