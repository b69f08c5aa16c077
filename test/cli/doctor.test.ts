import { chmodSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { examineAccess } from '../../cli/doctor/access.js'
import { examineSettings } from '../../cli/doctor/environment.js'
import type { Finding } from '../../cli/doctor/finding.js'
import { makeApiKey } from '../../lib/api-keys.js'
import { type Config, completeConfig } from '../../lib/config.js'
import { VERSION } from '../../lib/version.js'
import { RedisServer, redisProblem } from '../redis.js'
import { runCli } from './run-cli.js'

t.setTimeout(240_000)

t.test('doctor finds that everything works here', async (t) => {
  const { code, stdout, stderr } = await runCli(['doctor', '--json'])
  t.equal(code, 0, stdout + stderr)
  const { ok, version, findings }: { ok: boolean; version: string; findings: Finding[] } = JSON.parse(stdout)
  t.equal(ok, true)
  t.equal(version, VERSION)

  const about = (part: string) => findings.filter((finding) => finding.part === part)
  t.equal(about('weights').length, 9, 'two files for each of four networks, and the calibration')
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

t.test('doctor tells who may call, and why a key cannot be used, without the key', async (t) => {
  const key = makeApiKey()
  const folder = t.testdir({
    good: `app:${key}\napp:sha256:${'0'.repeat(64)}\nweb:${makeApiKey()}`,
    bad: 'short:secret',
  })
  const [good, bad] = ['good', 'bad'].map((name) => path.join(folder, name))
  chmodSync(good, 0o600)
  const examine = (settings: Partial<Config>) => examineAccess(completeConfig(settings))
  t.match(await examine({}), [{ name: 'keys', verdict: 'absent' }])
  t.match(await examine({ apiKeys: `app:${key}`, apiKeysFile: good }), [
    { name: 'keys', verdict: 'ok', detail: '1 key for app' },
    { name: 'key file', verdict: 'ok', detail: '3 keys for app, web' },
  ])
  const wrong = await examine({ apiKeys: key, apiKeysFile: bad })
  t.match(wrong, [
    { name: 'keys', verdict: 'failed', detail: /entry 1 is not NAME:KEY/ },
    { name: 'key file', verdict: 'failed', detail: /the key of short has 6 characters; 24 are needed/ },
  ])
  t.notMatch(JSON.stringify(wrong), key)
  chmodSync(good, 0o644)
  t.match(await examine({ apiKeysFile: good }), [{ verdict: 'warning', detail: /every user of this machine can read/ }])
  t.match(await examine({ apiKeysFile: path.join(folder, 'none') }), [{ verdict: 'failed', detail: /ENOENT/ }])
})

t.test('doctor asks the Redis that is to count requests', { skip: redisProblem() ?? false }, async (t) => {
  const redis = await RedisServer.start()
  t.teardown(() => redis.stop())
  const [, finding] = await examineAccess(completeConfig({ redisUrl: redis.url }))
  t.match(finding, { name: 'redis', verdict: 'ok' })
  await redis.stop()
  t.match((await examineAccess(completeConfig({ redisUrl: redis.url })))[1], {
    verdict: 'warning',
    detail: /ECONNREFUSED/,
  })
})

t.test('settings that cannot be used are a finding, and the rest is looked at with the defaults', async (t) => {
  const { config, findings } = examineSettings({ PORT: 'eighty', FACEMETRIC_TIMEOUT: '3' })
  t.match(findings, [{ verdict: 'failed', detail: /^Wrong setting: PORT .*"eighty"/ }])
  t.same(config, completeConfig())
})
