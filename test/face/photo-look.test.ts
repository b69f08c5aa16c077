import t from 'tap'
import { analysePhotos } from '../../lib/face/analyse-photos.js'
import type { Choice } from '../../lib/face/main-face.js'
import type { Detection } from '../../lib/face/non-maximum-suppression.js'
import { locateAll, type PhotoLook } from '../../lib/face/photo-look.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { Photo } from '../../lib/image/photo.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { Stopwatch } from '../../lib/stopwatch.js'
import type { Faces } from '../../schemas/compare.js'
import { REAL_FACES } from '../real-faces.js'
import { type Pasted, pasteScene } from '../scene.js'

t.setTimeout(120_000)
const { networks } = await loadNetworks('onnx')
t.teardown(() => networks.close())
const folder = t.testdir({})

/** Pixels of the preview per pixel of a photo of 12 megapixels. */
const PREVIEW_SCALE = 0.25
/** Height over width of a face. */
const FACE_HEIGHT = 1.3

/** A photo of 12 megapixels, 4000 x 3000, of some people before a wall; and how often it was decoded in full to cut something out. */
async function groupPhoto(name: string, people: readonly Pasted[]): Promise<{ photo: Photo; cuts: () => number }> {
  const file = `${folder}/${name}.jpg`
  await (await pasteScene(4000, 3000, people)).jpeg().toFile(file)
  const photo = await openPhoto(file)
  let cuts = 0
  const { format, width, height } = photo
  const counted: Photo = {
    format,
    width,
    height,
    preview: (side) => photo.preview(side),
    region(rect) {
      cuts++
      return photo.region(rect)
    },
  }
  return { photo: counted, cuts: () => cuts }
}

/** Six people of one size in two rows, from one of them on. */
function sixFrom(first: number, side: number): Pasted[] {
  return REAL_FACES.map((_, i) => ({
    who: REAL_FACES[(first + i) % REAL_FACES.length],
    x: 2000 + 1.6 * side * ((i % 3) - 1),
    y: 1500 + 1.6 * side * (Math.floor(i / 3) - 0.5),
    side,
  }))
}

t.test('a large photo of several people of one size is decoded in full once, for the one who counts', async (t) => {
  const { photo, cuts } = await groupPhoto('six', sixFrom(0, 340))
  const [{ faces, candidates }] = await analysePhotos(networks, [{ photo }], 'largest')
  t.ok(faces.length > 3)
  t.equal(candidates.length, 1)
  t.ok(candidates[0].patch.fromPhoto.a > PREVIEW_SCALE)
  t.equal(cuts(), 1)
})

t.test('and twice at most where that one is doubtful and looked for again', async (t) => {
  const { photo, cuts } = await groupPhoto('doubtful', sixFrom(3, 300))
  const [{ candidates }] = await analysePhotos(networks, [{ photo }], 'largest')
  t.equal(candidates.length, 1)
  t.ok(cuts() <= 2)
})

t.test('but never where each of them may count', async (t) => {
  const { photo, cuts } = await groupPhoto('any', sixFrom(0, 300))
  const [{ candidates }] = await analysePhotos(networks, [{ photo }], 'any')
  t.equal(candidates.length, 6)
  t.equal(cuts(), 0)
})

/** The box that a detector might draw around a face that seems so many times as large as it is. */
function boxAround({ x, y, side }: Pasted, times = 0.9): Detection {
  const [width, height] = [times * side, times * FACE_HEIGHT * side]
  return { box: { x: x - width / 2, y: y - height / 2, width, height }, score: 0.9, aspect: width / height }
}

const SMALLER: Pasted = { who: REAL_FACES[0], x: 1700, y: 1500, side: 300 }
const LARGER: Pasted = { who: REAL_FACES[1], x: 2300, y: 1500, side: 330 }
const { photo: two, cuts: cutsOfTwo } = await groupPhoto('two', [SMALLER, LARGER])
const { image: preview, scale } = await two.preview(PREVIEW_SCALE * two.width)

/** What is seen where the detector gave these boxes, in this order, for this reason. */
async function lookAtTwo(faces: readonly Detection[], which: Faces, chosen: Choice = 'largest'): Promise<PhotoLook> {
  const [look] = await locateAll(networks, [{ photo: two, preview, scale, faces, chosen }], which, new Stopwatch())
  return look
}

t.test('a face that counts because of its landmarks is cut out of the photo, and no other', async (t) => {
  const [seeming, larger] = [boxAround(SMALLER, 1.02), boxAround(LARGER)]
  const before = cutsOfTwo()
  const { seen, located } = await lookAtTwo([seeming, larger], 'largest')
  t.equal(seen.faces[0], larger)
  t.equal(located.length, 1)
  t.ok(located[0].patch.fromPhoto.a > PREVIEW_SCALE)
  t.equal(cutsOfTwo() - before, 1)
})

t.test('but a doubtful face does not count because of its landmarks', async (t) => {
  const [seeming, doubtful] = [boxAround(SMALLER, 1.02), { ...boxAround(LARGER), score: 0.4 }]
  const { seen } = await lookAtTwo([seeming, doubtful], 'largest')
  t.equal(seen.faces[0], seeming)
})

t.test('while one that only seemed the larger by a doubtful box does not count', async (t) => {
  const [doubtful, larger] = [{ ...boxAround(SMALLER, 1.15), score: 0.4 }, boxAround(LARGER)]
  const { seen } = await lookAtTwo([doubtful, larger], 'largest')
  t.equal(seen.faces[0], larger)
})

t.test('a face that was sharper than its own double does not count for that', async (t) => {
  const [larger, double] = [boxAround(LARGER, 0.95), { ...boxAround(LARGER), score: 0.8 }]
  const smaller = boxAround({ ...SMALLER, side: 250 })
  const { seen } = await lookAtTwo([double, larger, smaller], 'largest', 'sharpest')
  t.same(seen.faces, [larger, smaller])
  t.equal(seen.chosen, 'largest')
})

t.test(
  'where several faces are refused, two boxes are one face only if the landmarks of both leave no doubt',
  async (t) => {
    const [good, better] = [boxAround(SMALLER), boxAround(SMALLER, 0.92)]
    const askew = boxAround({ ...SMALLER, x: SMALLER.x + 120 })
    const count = async (boxes: readonly Detection[], which: Faces) => (await lookAtTwo(boxes, which)).seen.faces.length
    t.equal(await count([good, better], 'single'), 1)
    t.equal(await count([good, askew], 'largest'), 1)
    t.equal(await count([good, askew], 'single'), 2)
  },
)
