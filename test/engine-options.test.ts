import t from 'tap'
import { buildApp } from '../app.js'
import { createFaceEngine, createPooledFaceEngine } from '../index.js'
import { writePortraits } from './portraits.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [one, other] = [portraits.path(0), portraits.path(1)]

/** As from JavaScript, where nothing else tells of a mistake. */
const WRONG: [options: object, message: RegExp][] = [
  [{ runtime: 'foo' }, /the option runtime must be .*: auto, tensorflow, onnx, wasm, face-api; got "foo"/],
  [{ preset: 'best' }, /the option preset must be .*: .*fast.*; got "best"/],
  [{ samePhoto: 'refused' }, /the option samePhoto must be .*: report, refuse; got "refused"/],
  [{ minQuality: 7 }, /the option minQuality must be <= 1; got 7/],
  [{ maxPixels: -1 }, /the option maxPixels must be >= 1; got -1/],
  [{ threads: 1.5 }, /the option threads must be integer; got 1.5/],
  [{ engine: 'onnx' }, /there is no option engine; there are runtime, preset, /],
]

t.test('an option of an engine that is wrong or misspelt is an error at once, in words', async (t) => {
  for (const [options, message] of WRONG) {
    await t.rejects(createFaceEngine(options), { name: 'RangeError', message })
    await t.rejects(createPooledFaceEngine(options), { name: 'RangeError', message })
  }
  for (const workers of [0, -1, 'a']) {
    const wrong = createPooledFaceEngine({ workers: workers as number })
    await t.rejects(wrong, { name: 'RangeError', message: /the option workers must be / })
  }
  t.throws(() => buildApp({ config: { workersss: 3 } as object }), { message: 'There is no setting workersss' })
})

t.test('so is a choice of faces that there is not', async (t) => {
  const engine = await createFaceEngine({ runtime: 'onnx', preset: undefined })
  const misspelt = engine.compare(one, other, { faces: 'singel' as 'single' })
  await t.rejects(misspelt, { name: 'RangeError', message: 'faces must be one of largest, single, any; got singel' })

  await t.test('and a comparison by an engine that was closed', async (t) => {
    await engine.close()
    await engine.close()
    await t.rejects(engine.compare(one, other), { message: 'the engine was closed' })
  })
})
