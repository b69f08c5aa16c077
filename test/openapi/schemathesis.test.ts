import { spawn } from 'node:child_process'
import path from 'node:path'
import t from 'tap'
import { makeApiKey } from '../../lib/api-keys.js'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { writePortraits } from '../portraits.js'
import { Service } from '../service.js'
import { pythonPackage } from './python-package.js'

const SCHEMATHESIS = 'schemathesis==4.32.5'
/** Requests for each operation in the phase that makes them up. */
const EXAMPLES = 50
const LIMIT_SECONDS = 240

t.setTimeout(600_000)

t.test('requests made up from the description get no 500, and no reply that it does not describe', async (t) => {
  const schemathesis = await pythonPackage(SCHEMATHESIS).catch((error: Error) => error)
  if (schemathesis instanceof Error) return t.plan(0, `${SCHEMATHESIS} cannot be had here: ${schemathesis.message}`)
  const portraits = await writePortraits()
  const key = makeApiKey()
  const service = await Service.start({
    env: { FACEMETRIC_WORKERS: '1', FACEMETRIC_API_KEYS: `schemathesis:${key}` },
  })
  t.teardown(async () => {
    await service.stop()
    await portraits.remove()
    await schemathesis.release()
  })
  const child = spawn(
    'python3',
    [
      ...[path.join(schemathesis.folder, 'bin', 'schemathesis'), 'run', `${service.url}/openapi.json`],
      ...['--header', `X-API-Key: ${key}`],
      ...['--phases', 'examples,coverage,fuzzing', '--max-examples', String(EXAMPLES), '--seed', '1'],
      // No schema can say what a photo with a face is; and the key above stays where a wrong one is sent in another header.
      ...['--checks', 'all', '--exclude-checks', 'positive_data_acceptance,ignored_auth', '--continue-on-failure'],
      ...['--output-truncate', 'true', '--suppress-health-check', 'all'],
    ],
    {
      cwd: t.testdir(), // Where it keeps notes of its own.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYTHONPATH: `${schemathesis.folder}${path.delimiter}${path.join(PACKAGE_ROOT, 'test', 'openapi')}`,
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'photos',
        PHOTOS: portraits.folder,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_SECONDS * 1000,
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  t.equal(code, 0)
  if (code !== 0) t.comment(readable(output))
  const statuses = new Set(service.log.flatMap(({ route, status }) => (route === '/compare' ? [Number(status)] : [])))
  for (const status of [200, 400, 415, 422]) t.ok(statuses.has(status), `some are answered with ${status}`)
  t.notOk(statuses.has(500))
  t.same(service.requestFiles(), [])
})

/** Without the bytes of photos, which it writes down too. */
function readable(output: string): string {
  return output
    .split('\n')
    .map((line) => line.replace(/[^\x20-\x7e]/g, '.').slice(0, 300))
    .join('\n')
}
