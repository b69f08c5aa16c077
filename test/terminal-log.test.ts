import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const SERVER = fileURLToPath(new URL('../server.js', import.meta.url))

/** util-linux' script runs a command in a terminal of its own. */
function hasScript(): boolean {
  try {
    return /util-linux/.test(execFileSync('script', ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

t.test('in a terminal the log is for people', { skip: !hasScript() && 'no util-linux' }, async (t) => {
  const env = { PATH: process.env.PATH, NO_COLOR: '1', PORT: '0', HOST: '127.0.0.1', FACEMETRIC_WORKERS: '0' }
  const child = spawn('script', ['-qec', `${process.execPath} ${SERVER}`, '/dev/null'], {
    env: { ...env, FACEMETRIC_ENGINE: 'onnx', FACEMETRIC_TEMP_DIR: t.testdir() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8')
  let asked = false
  for await (const text of child.stdout) {
    output += text
    // Whole lines, as a piece may end anywhere.
    const url = /Server listening at (http:\S+)\r?\n/.exec(output)?.[1]
    if (url !== undefined && !asked) {
      asked = true
      await fetch(`${url}/no/such/page`)
    }
    if (/not_found .*\r?\n/.test(output)) break
  }
  t.match(output, /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: GET nowhere 404 in \d+ ms: not_found \{"reqId":".*"\}\r?$/m)
  t.notMatch(output, /"level"|"hostname"/)
  child.kill('SIGTERM')
  await once(child, 'exit')
})
