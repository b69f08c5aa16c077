import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { writePortraits } from '../portraits.js'
import { Service } from '../service.js'
import { until } from '../until.js'

/** Functions that V8 compiles although the service has rehearsed: those of Node that only real connections call. */
const MOST_COMPILED = 10

t.test('the first comparison of a client finds the code of the service compiled', async (t) => {
  const logfile = path.join(t.testdir(), 'v8.log')
  const service = await Service.start({
    execArgv: ['--log-function-events', '--no-logfile-per-isolate', `--logfile=${logfile}`],
  })
  t.teardown(() => service.stop())
  const portraits = await writePortraits()
  t.teardown(() => portraits.remove())
  await (await fetch(`${service.url}/health/ready`)).text()
  const before = statSync(logfile).size

  const reply = await service.compare(portraits.path(0), portraits.path(1))
  t.equal(reply.status, 200)
  await reply.text()
  await until('it was logged', () => service.log.some(({ route }) => route === '/compare'))

  const log = readFileSync(logfile, 'latin1')
  t.match(log.slice(0, before), /^function,interpreter,.*,describe$/m, 'V8 tells what it compiles')
  const compiled = log
    .slice(before)
    .split('\n')
    .filter((line) => line.startsWith('function,interpreter,'))
  t.ok(compiled.length <= MOST_COMPILED, 'hardly any is left', { compiled })
})
