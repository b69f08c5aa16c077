import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { describerOn } from '../lib/load-describer.js'
import { loadNetworks } from '../lib/runtime/load-networks.js'
import type { Faces } from '../schemas/compare.js'
import { writePortraits } from './portraits.js'
import { demoPhotoPath } from './real-faces.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const describer = describerOn(await loadNetworks('onnx'))
t.teardown(() => describer.close())

/** How often it is told that only the last step is left. */
async function toldOf(paths: readonly string[], faces: Faces, apart = false): Promise<number> {
  let told = 0
  const onLastStep = () => {
    told++
  }
  await describer.describe(
    paths.map((path) => ({ path })),
    { faces, apart, onLastStep },
  )
  return told
}

t.test('the last step of a pair is told, and of several photos one by one that of the last', async (t) => {
  const [first, second] = [portraits.path(0), portraits.path(1)]
  t.equal(await toldOf([first, second], 'largest'), 1)
  t.equal(await toldOf([first, second], 'any'), 1)
  t.equal(await toldOf([first, second, first], 'largest', true), 1)
})

t.test('but not where many faces are left to describe: whatever came next would wait for them', async (t) => {
  t.equal(await toldOf([demoPhotoPath(5), portraits.path(0)], 'any'), 0)
})

t.test('of two photos that are damaged the first is told of, though the second one shows it sooner', async (t) => {
  const folder = t.testdir()
  const breakOff = async (name: string, width: number) => {
    const whole = await sharp(demoPhotoPath(1)).resize(width).jpeg().toBuffer()
    await writeFile(path.join(folder, name), whole.subarray(0, whole.length - 1000))
    return path.join(folder, name)
  }
  const files = [
    { path: await breakOff('large.jpg', 4000), field: 'reference_image' as const },
    { path: await breakOff('small.jpg', 300), field: 'live_image' as const },
  ]
  await t.rejects(describer.describe(files, { faces: 'largest' }), { code: 'damaged_image', field: 'reference_image' })
})
