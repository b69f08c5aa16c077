import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { examineSettings } from '../../cli/doctor/environment.js'
import type { Finding } from '../../cli/doctor/finding.js'
import { completeConfig } from '../../lib/config.js'
import { VERSION } from '../../lib/version.js'
import { runCli } from './run-cli.js'

t.setTimeout(240_000)

t.test('doctor finds that everything works here', async (t) => {
  const { code, stdout, stderr } = await runCli(['doctor', '--json'])
  t.equal(code, 0, stdout + stderr)
  const { ok, version, findings }: { ok: boolean; version: string; findings: Finding[] } = JSON.parse(stdout)
  t.equal(ok, true)
  t.equal(version, VERSION)

  const about = (part: string) => findings.filter((finding) => finding.part === part)
  t.equal(about('weights').length, 7, 'two files for each of three networks, and the calibration')
  t.match(about('version').find(({ name }) => name === 'node')?.detail, process.version)
  t.same(
    about('runtime').map(({ name }) => name),
    ['tensorflow', 'onnx', 'wasm', 'face-api'],
  )
  for (const { name, verdict, detail } of about('runtime')) {
    t.match(detail, verdict === 'ok' ? /same person at distance 0\.\d+, other person at 0\.5\d+/ : /./, name)
  }
  t.match(about('engine'), [{ verdict: 'ok' }])
})

t.test('doctor tells what is wrong, goes on, and ends with exit code 1', async (t) => {
  const { code, stdout } = await runCli(['doctor', '--engine', 'onnx'], {
    FACEMETRIC_TEMP_DIR: path.join(fileURLToPath(import.meta.url), 'folder'),
    FACEMETRIC_MAX_PIXLES: '1000',
    FACEMETRIC_WORKER_MEMORY: '64',
  })
  t.equal(code, 1)
  t.match(stdout, /^FAIL {2}storage temporary folder: Cannot keep temporary files in .*ENOTDIR/m)
  t.match(stdout, /^WARN {2}settings FACEMETRIC_MAX_PIXLES: there is no setting of this name/m)
  t.match(stdout, /^- {5}runtime onnx: .*memory/m)
  t.match(stdout, /^FAIL {2}engine onnx: .*memory/m)
  t.match(stdout, /^ok {4}weights face_recognition_model\.bin: 6,444,032 bytes/m)
  t.match(stdout, /\nSomething that is needed does not work\.\n$/)
})

t.test('settings that cannot be used are a finding, and the rest is looked at with the defaults', async (t) => {
  const { config, findings } = examineSettings({ PORT: 'eighty', FACEMETRIC_TIMEOUT: '3' })
  t.match(findings, [{ verdict: 'failed', detail: /^Wrong setting: PORT .*"eighty"/ }])
  t.same(config, completeConfig())
})
