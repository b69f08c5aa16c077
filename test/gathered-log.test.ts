import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pino from 'pino'
import t from 'tap'
import { GatheredLog } from '../lib/gathered-log.js'
import { until } from './until.js'

const MODULE = new URL('../lib/gathered-log.js', import.meta.url).href

/** A log, and what was written of it, write by write. */
function gatheredLog() {
  const writes: string[] = []
  const gathered = new GatheredLog({ write: (text) => writes.push(text) })
  const log = pino({ base: null, timestamp: false }, gathered)
  return {
    gathered,
    log,
    writes,
    messages: () => [...writes.join('').matchAll(/"msg":"(.*?)"/g)].map(([, message]) => message),
  }
}

t.test('until it is told to gather, each line is written at once', async (t) => {
  const { log, writes } = gatheredLog()
  for (const message of ['one', 'two', 'three']) log.info(message)
  t.equal(writes.length, 3)
})

t.test('the first line is written at once, those that follow soon after it together', async (t) => {
  const { gathered, log, writes, messages } = gatheredLog()
  gathered.gather()
  for (const message of ['one', 'two', 'three']) log.info(message)
  t.same(messages(), ['one'])
  await until('all are written', () => messages().length === 3)
  t.same(messages(), ['one', 'two', 'three'])
  t.equal(writes.length, 2)

  await sleep(300)
  log.info('later')
  t.same(messages(), ['one', 'two', 'three', 'later'], 'a line after a quiet moment does not wait')
})

t.test('a warning or an error is written at once, after what came before it', async (t) => {
  const { gathered, log, messages } = gatheredLog()
  gathered.gather()
  for (const message of ['one', 'two']) log.info(message)
  log.warn('a warning')
  t.same(messages(), ['one', 'two', 'a warning'])
  log.info('three')
  log.error('an error')
  t.same(messages(), ['one', 'two', 'a warning', 'three', 'an error'])
})

t.test('many lines are not kept back until they are a heap', async (t) => {
  const { gathered, log, messages } = gatheredLog()
  gathered.gather()
  for (let i = 0; i < 1000; i++) log.info('x'.repeat(100))
  t.ok(messages().length > 500, `${messages().length} of 1000 are written`)
})

for (const [how, end] of Object.entries({ 'ends by itself': '', exits: 'process.exit(3)', crashes: 'null.x' })) {
  t.test(`nothing is lost when the process ${how}`, async (t) => {
    const script = `
      import { GatheredLog } from ${JSON.stringify(MODULE)}
      const log = new GatheredLog()
      log.gather()
      for (let i = 0; i < 100; i++) log.write(i + '\\n')
      ${end}`
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
    const { stdout } = await run.catch((error) => error)
    t.equal(stdout, Array.from({ length: 100 }, (_, i) => `${i}\n`).join(''))
  })
}

const skip = !existsSync('/dev/full') && 'there is no /dev/full'
t.test('where standard output takes nothing, as on a full disk, the service goes on', { skip }, async (t) => {
  const full = openSync('/dev/full', 'w')
  t.teardown(() => closeSync(full))
  const program = `
    import { GatheredLog } from '${MODULE}'
    const log = new GatheredLog()
    for (let i = 0; i < 1000; i++) log.write('a line\\n')
    setTimeout(() => console.error('goes on'), 300)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', full, 'pipe'] })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = await once(child, 'close')
  t.same({ code, said }, { code: 0, said: 'goes on\n' })
})
