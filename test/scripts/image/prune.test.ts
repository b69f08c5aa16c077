import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { pruneModules } from '../../../scripts/image/prune.js'

/** An installed tree of packages with ten bytes in each of these files. */
function install(t: Test, files: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'facemetric-prune-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), 'x'.repeat(10))
  }
  return folder
}

function filesIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return all.filter((name) => statSync(path.join(folder, name)).isFile()).sort()
}

t.test('only the libraries of the platform asked for stay', async (t) => {
  const bin = 'onnxruntime-node/bin/napi-v6'
  const libraries = ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64'].map((name) => `${bin}/${name}/lib.node`)
  const folder = install(t, [...libraries, 'onnxruntime-node/dist/index.js'])
  const report = await pruneModules(folder, 'linux', 'arm64')
  t.same(filesIn(folder), [`${bin}/linux/arm64/lib.node`, 'onnxruntime-node/dist/index.js'])
  t.same(report, { removed: 30, kept: 20 })
  t.same(readdirSync(path.join(folder, bin)), ['linux'], 'no empty folder is left')
})

t.test(
  'code, data and licences stay; maps, types, manuals and tests go, in packages inside packages too',
  async (t) => {
    const stay = ['a/index.js', 'a/lib/docs/page.js', 'a/LICENSE.md', '@b/c/data.json', 'a/node_modules/d/index.cjs']
    const go = ['a/index.js.map', 'a/index.d.ts', 'a/README.md', 'a/test/all.js', 'a/node_modules/d/docs/x.html']
    const folder = install(t, [...stay, ...go, '@b/c/src/part.test.js'])
    await pruneModules(folder, 'linux', 'x64')
    t.same(filesIn(folder), stay.toSorted())
  },
)

t.test('of the package with the weights the networks that are used and the sample photos stay', async (t) => {
  const face = '@vladmandic/face-api'
  const networks = [
    'ssd_mobilenetv1_model.bin',
    'tiny_face_detector_model.bin',
    'face_landmark_68_model.bin',
    'face_recognition_model-weights_manifest.json',
  ]
  const stay = [`${face}/package.json`, `${face}/demo/sample6.jpg`, ...networks.map((name) => `${face}/model/${name}`)]
  const go = [
    'model/age_gender_model.bin',
    'model/face_landmark_68_tiny_model.bin',
    'dist/face-api.js',
    'demo/index.js',
  ]
  const folder = install(t, [...stay, ...go.map((name) => `${face}/${name}`)])
  await pruneModules(folder, 'linux', 'x64')
  t.same(filesIn(folder), stay.toSorted())
})

t.test('of TensorFlow.js the builds for Node stay', async (t) => {
  const stay = [
    'tfjs/dist/tf.node.js',
    'tfjs-core/dist/tf-core.node.js',
    'tfjs-core/dist/engine.js',
    'tfjs-node/dist/index.js',
  ]
  const go = [
    'tfjs/dist/tf.min.js',
    'tfjs-core/dist/tf-core.fesm.js',
    'tfjs-node/deps/include/c_api.h',
    'tfjs/src/index.js',
  ]
  const folder = install(
    t,
    [...stay, ...go].map((name) => `@tensorflow/${name}`),
  )
  await pruneModules(folder, 'linux', 'x64')
  t.same(filesIn(folder), stay.map((name) => `@tensorflow/${name}`).toSorted())
})
