import sharp from 'sharp'
import t from 'tap'
import { analysePhotos } from '../../lib/face/analyse-photos.js'
import type { Detection } from '../../lib/face/non-maximum-suppression.js'
import { locateAll } from '../../lib/face/photo-look.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { Photo } from '../../lib/image/photo.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { Stopwatch } from '../../lib/stopwatch.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

t.setTimeout(120_000)
const { networks } = await loadNetworks('onnx')
t.teardown(() => networks.close())
const folder = t.testdir({})

/** Side of the picture around a face in sides of the face. */
const ZOOM = 1.5
/** Pixels of the preview per pixel of a photo of 12 megapixels. */
const PREVIEW_SCALE = 0.25
/** Height over width of a face. */
const FACE_HEIGHT = 1.3

interface Person {
  readonly who: (typeof REAL_FACES)[number]
  /** Centre of the face, in pixels of the photo. */
  readonly x: number
  readonly y: number
  /** Width of the face in pixels. */
  readonly side: number
}

/** A photo of 12 megapixels, 4000 x 3000, of some people before a wall; and how often it was decoded in full to cut something out. */
async function groupPhoto(name: string, people: readonly Person[]): Promise<{ photo: Photo; cuts: () => number }> {
  const parts = people.map(async ({ who, x, y, side }) => {
    const cut = Math.round(ZOOM * side)
    const input = await (await facePhoto(who, ZOOM)).resize(cut, cut).png().toBuffer()
    return { input, left: Math.round(x - cut / 2), top: Math.round(y - cut / 2) }
  })
  const wall = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#8a8478' } })
  const file = `${folder}/${name}.jpg`
  await wall
    .composite(await Promise.all(parts))
    .jpeg()
    .toFile(file)
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
function sixFrom(first: number, side: number): Person[] {
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
function boxAround({ x, y, side }: Person, times = 1): Detection {
  const [width, height] = [times * side, times * FACE_HEIGHT * side]
  return { box: { x: x - width / 2, y: y - height / 2, width, height }, score: 0.9, aspect: width / height }
}

t.test('a face that counts because of its landmarks is cut out of the photo, and no other', async (t) => {
  const people = [
    { who: REAL_FACES[0], x: 1700, y: 1500, side: 300 },
    { who: REAL_FACES[1], x: 2300, y: 1500, side: 330 },
  ]
  const { photo, cuts } = await groupPhoto('two', people)
  const { image: preview, scale } = await photo.preview(PREVIEW_SCALE * photo.width)
  const faces = [boxAround(people[0], 1.15), boxAround(people[1])]
  const seen = { photo, preview, scale, faces, chosen: 'largest' } as const
  const [look] = await locateAll(networks, [seen], false, new Stopwatch())
  t.equal(look.seen.faces[0], faces[1])
  t.equal(look.located.length, 1)
  t.ok(look.located[0].patch.fromPhoto.a > PREVIEW_SCALE)
  t.equal(cuts(), 1)
})
