import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import t from 'tap'
import type { PhotoField } from '../../lib/errors.js'
import { describerOn } from '../../lib/load-describer.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { fromPixels, gaussianNoise } from '../image/pictures.js'
import { writePortraits } from '../portraits.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const { networks, failed } = await loadNetworks('onnx')
t.teardown(() => networks.close())

/** How often the detector looked, by the side of its input. */
let looks: Record<number, number> = {}
const describer = describerOn({
  failed,
  networks: {
    ...networks,
    runtime: networks.runtime,
    precision: networks.precision,
    description: networks.description,
    detect(images, size, count) {
      looks[size] = (looks[size] ?? 0) + count
      return networks.detect(images, size, count)
    },
  },
})
t.beforeEach(() => {
  looks = {}
})

/** Gravel: details everywhere, and no face. */
const gravel = path.join(t.testdir(), 'gravel.jpg')
const [width, height] = [1900, 1440]
await fromPixels(gaussianNoise(1, width / 10, height / 10, 60))
  .resize(width, height, { kernel: 'cubic' })
  .jpeg()
  .toFile(gravel)

t.test('a burst of photos without a face costs no more close looks than two of them', async (t) => {
  const burst = [gravel, gravel, gravel, portraits.path(0)].map((file) => photo(file))
  const described = await describer.describe(burst, { faces: 'largest', apart: true })
  const none = { code: 'no_face' }
  t.match(described.photos, [none, none, none, [{ report: { faces: 1 } }]])
  t.equal(looks[768], 24)
  t.equal(looks[1024], 3, 'each is looked at as a whole')
})

t.test('when its time is over, a photo is only looked at as it stands', async (t) => {
  const files = [gravel, portraits.path(0)].map((file) => photo(file))
  const hurried = await describer.describe(files, { faces: 'largest', apart: true, searchFor: 0 })
  t.match(hurried.photos, [{ code: 'no_face' }, [{ report: { faces: 1 } }]])
  t.same(Object.keys(looks), [128, 256, 512])
})

t.test('of two photos without a face the first is told of, and from then on nothing is looked for', async (t) => {
  const few = path.join(t.testdir(), 'little-gravel.jpg')
  await sharp(gravel).resize(300).toFile(few)
  for (const [reference, live, closeLooks] of [
    [gravel, few, true],
    [few, gravel, false],
  ] as const) {
    looks = {}
    const files = [photo(reference, 'reference_image'), photo(live, 'live_image')]
    await t.rejects(describer.describe(files, { faces: 'largest' }), { code: 'no_face', field: 'reference_image' })
    const atOnce = { ...looks }
    t.equal(768 in atOnce, closeLooks, 'the live photo is spared what the reference photo would make useless')
    await sleep(300)
    t.same(looks, atOnce)
  }
})

function photo(file: string, field?: PhotoField) {
  return { path: file, field }
}
