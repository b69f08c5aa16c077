import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { CLI, cliEnvironment, runCli } from './run-cli.js'

t.setTimeout(240_000)

t.test('serve starts the service with the settings of the environment, and stops when told to', async (t) => {
  const env = cliEnvironment({ PORT: '0', HOST: '127.0.0.1', FACEMETRIC_WORKERS: '1' })
  const child = spawn(process.execPath, [CLI, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  let url: string | undefined
  for await (const line of createInterface(child.stdout)) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url !== undefined) break
  }
  const ready = await fetch(`${url}/health/ready`)
  t.equal(ready.status, 200)
  child.stdout.resume()
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('a wrong setting ends it with one line that says which', async (t) => {
  const { code, stdout, stderr } = await runCli(['serve'], { PORT: 'eighty' })
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^facemetric: Wrong setting: PORT .*"eighty".*\n$/)
})

t.test('its help gives a default in words for every setting, also where there is none', async (t) => {
  const { code, stdout } = await runCli(['serve', '--help'])
  t.equal(code, 0)
  t.match(stdout, /^ {2}FACEMETRIC_API_KEYS_FILE .* \[none\]$/m)
  t.match(stdout, /^ {2}PORT .* \[5000\]$/m)
  t.notMatch(stdout, /undefined|\[\]/)
})
