import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'

const run = promisify(execFile)

/** Loads the networks and runs one of them. */
const PROGRAM = `
import { loadOnnxNetworks } from '${new URL('../../lib/runtime/onnx.js', import.meta.url)}'
const networks = await loadOnnxNetworks()
await networks.descriptors(new Float32Array(150 * 150 * 3), 1)
await networks.close()`

t.test('ONNX Runtime keeps no number for the machine and reports nothing', async (t) => {
  const home = mkdtempSync(path.join(tmpdir(), 'facemetric-home-'))
  t.teardown(() => rmSync(home, { recursive: true }))
  // As in production: it keeps quiet by itself where CI is set, as on the machines that run tests.
  const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: path.join(home, '.cache') }
  const { stderr } = await run(process.execPath, ['--input-type=module', '--eval', PROGRAM], { env })
  t.notMatch(stderr, /telemetry/i)
  t.same(readdirSync(home), [])
})
