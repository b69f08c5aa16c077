import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { AUTO_ORDER, type FailedRuntime, loadNetworks } from '../../lib/runtime/load-networks.js'
import { TFJS_NODE } from '../../lib/runtime/tfjs-node.js'
import { installationWithout } from '../installation.js'

t.setTimeout(240_000)

/** Loads networks in the installation of a folder; prints which runtime it became and what failed before. */
const LOAD = `const { loadNetworks } = await import('./dist/lib/runtime/load-networks.js')
const { networks, failed } = await loadNetworks(process.argv[1])
console.log(JSON.stringify({ runtime: networks.runtime, failed }))`

interface Loaded {
  readonly runtime: string
  readonly failed: readonly FailedRuntime[]
}

async function loadIn(folder: string, choice: string): Promise<Loaded> {
  const args = ['--input-type=module', '--eval', LOAD, '--', choice]
  return JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout)
}

/** Starts the service of an installation, which it must refuse; gives its exit code and what it said. */
async function refusalToStart(folder: string, env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const surroundings = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', FACEMETRIC_LOG_LEVEL: 'fatal', ...env }
  const start = promisify(execFile)(process.execPath, ['dist/server.js'], {
    cwd: folder,
    env: surroundings,
    timeout: 60_000,
  })
  return start.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  )
}

const NOT_INSTALLED = {
  tensorflow: { package: TFJS_NODE, reason: /@tensorflow\/tfjs-node is not installed \(npm run setup:tensorflow\)/ },
  onnx: { package: 'onnxruntime-node', reason: /Cannot find package 'onnxruntime-node'/ },
  wasm: { package: 'onnxruntime-web', reason: /Cannot find package 'onnxruntime-web'/ },
} as const

t.test('auto takes tensorflow, onnx and wasm in that order', async (t) => {
  t.same(AUTO_ORDER, ['tensorflow', 'onnx', 'wasm'])
  const { networks, failed } = await loadNetworks('auto')
  await networks.close()
  t.equal(networks.runtime, AUTO_ORDER[failed.length], 'the first that loads here')
})

t.test('auto takes the next runtime where one is not installed, and says why', async (t) => {
  const withoutTensorFlow = await installationWithout(t, [TFJS_NODE])
  t.match(await loadIn(withoutTensorFlow, 'auto'), {
    runtime: 'onnx',
    failed: [{ runtime: 'tensorflow', reason: NOT_INSTALLED.tensorflow.reason }],
  })
  await rm(path.join(withoutTensorFlow, 'node_modules', 'onnxruntime-node'))
  t.match(await loadIn(withoutTensorFlow, 'auto'), {
    runtime: 'wasm',
    failed: [{ runtime: 'tensorflow' }, { runtime: 'onnx', reason: NOT_INSTALLED.onnx.reason }],
  })
  await rm(path.join(withoutTensorFlow, 'node_modules', 'onnxruntime-web'))
  const refusal = await loadIn(withoutTensorFlow, 'auto').catch((error: { stderr: string }) => error)
  t.match(refusal, { stderr: /no runtime loads \(tensorflow: .*; onnx: .*; wasm: .*\)/ })
})

t.test('a runtime that is asked for and does not load keeps the service from starting', async (t) => {
  const folder = await installationWithout(
    t,
    Object.values(NOT_INSTALLED).map(({ package: name }) => name),
  )
  for (const [runtime, { reason }] of Object.entries(NOT_INSTALLED)) {
    for (const workers of ['0', '1']) {
      const { code, stderr } = await refusalToStart(folder, { FACEMETRIC_ENGINE: runtime, FACEMETRIC_WORKERS: workers })
      t.equal(code, 1, `${runtime}, ${workers} inference processes`)
      t.match(stderr, reason)
      t.match(stderr, runtime)
      t.notMatch(stderr, /\n\s+at /, 'no stack trace')
    }
  }
})

const tfjsNodeFolder = path.join(PACKAGE_ROOT, 'node_modules', TFJS_NODE)
const skip = !existsSync(tfjsNodeFolder) && `${TFJS_NODE} is not installed`

t.test('tfjs-node that has lost its native parts is said to need its setup', { skip }, async (t) => {
  const folder = await installationWithout(t, [TFJS_NODE])
  const skeleton = path.join(folder, 'node_modules', TFJS_NODE)
  const isNative = (file: string) => /^(deps|lib|build-tmp)/.test(path.relative(tfjsNodeFolder, file))
  await cp(tfjsNodeFolder, skeleton, { recursive: true, filter: (file) => !isNative(file) })
  t.match(await loadIn(folder, 'auto'), {
    runtime: 'onnx',
    failed: [{ runtime: 'tensorflow', reason: /has no native binding yet \(npm run setup:tensorflow\)/ }],
  })
})
