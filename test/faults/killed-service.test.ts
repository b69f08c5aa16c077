import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { writePortraits } from '../portraits.js'
import { skip } from '../process-tree.js'
import { Service } from '../service.js'
import { isRunning, until } from '../until.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [one, other] = [portraits.path(0), portraits.path(1)]

t.test('kill -9 of the service under load leaves no process, and the next start no file', { skip }, async (t) => {
  const tempDir = mkdtempSync(path.join(tmpdir(), 'facemetric-test-'))
  t.teardown(() => rmSync(tempDir, { recursive: true, force: true }))
  const killed = await Service.start({ tempDir, env: { FACEMETRIC_WORKERS: '2' } })
  const workers = killed.workers()
  // They stand still until the service is gone, so that its requests are surely under way.
  for (const pid of workers) process.kill(pid, 'SIGSTOP')
  const requests = Array.from({ length: 10 }, () => killed.compare(one, other).catch(() => {}))
  await until('photos lie in the temp folder', () => killed.requestFiles().length >= 4)
  killed.kill('SIGKILL')
  await killed.exited
  for (const pid of workers) process.kill(pid, 'SIGCONT')
  await until('no inference process is left', () => !workers.some(isRunning))
  await Promise.all(requests)
  t.ok(killed.requestFiles().length > 0, 'files were left, as nobody was there to remove them')

  const next = await Service.start({ tempDir, env: { FACEMETRIC_WORKERS: '1' } })
  t.teardown(() => next.stop())
  t.same(next.requestFiles(), [])
  const [userFolder] = readdirSync(tempDir)
  t.equal(readdirSync(path.join(tempDir, userFolder)).length, 1, 'only the folder of the service that runs')
  t.match(await (await next.compare(one, other)).json(), { identical: false })
})
