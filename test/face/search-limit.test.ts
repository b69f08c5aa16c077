import path from 'node:path'
import t from 'tap'
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
  const burst = [gravel, gravel, gravel, portraits.path(0)].map(photo)
  const described = await describer.describe(burst, { faces: 'largest', apart: true })
  const none = { code: 'no_face' }
  t.match(described.photos, [none, none, none, [{ report: { faces: 1 } }]])
  t.equal(looks[768], 24)
  t.equal(looks[1024], 3, 'each is looked at as a whole')
})

t.test('when its time is over, a photo is only looked at as it stands', async (t) => {
  const files = [gravel, portraits.path(0)].map(photo)
  const hurried = await describer.describe(files, { faces: 'largest', apart: true, searchFor: 0 })
  t.match(hurried.photos, [{ code: 'no_face' }, [{ report: { faces: 1 } }]])
  t.same(Object.keys(looks), [128, 256, 512])
})

function photo(file: string) {
  return { path: file }
}
