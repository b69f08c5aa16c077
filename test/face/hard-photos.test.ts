import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

const engine = await createFaceEngine()
t.teardown(() => engine.close())
const folder = t.testdir({})
const [anna, ben, carla] = REAL_FACES

/** Side of the picture around a face in sides of the face, as in LFW. */
const ZOOM = 2.2

async function save(name: string, picture: Sharp): Promise<string> {
  const file = path.join(folder, name)
  await picture.jpeg({ quality: 92 }).toFile(file)
  return file
}

/** A portrait, and a poorer photo of the same person. */
const portraitOf = async (who: (typeof REAL_FACES)[number]) => (await facePhoto(who, ZOOM)).resize(250, 250)
const reference = await save('anna.jpg', await portraitOf(anna))
const stranger = await save('carla.jpg', await portraitOf(carla))

interface Person {
  readonly who: (typeof REAL_FACES)[number]
  /** Upper left corner, and width of the face, in pixels. */
  readonly left: number
  readonly top: number
  readonly side: number
  /** Degrees clockwise, a multiple of 90. */
  readonly turned?: number
}

/** People far away in a wide view. */
async function view(name: string, width: number, height: number, people: readonly Person[]): Promise<string> {
  const parts = people.map(async ({ who, left, top, side, turned }) => {
    const cut = Math.round(ZOOM * side)
    const small = await (await facePhoto(who, ZOOM)).resize(cut, cut).png().toBuffer()
    const input = await sharp(small)
      .rotate(turned ?? 0)
      .png()
      .toBuffer()
    return { input, left, top }
  })
  const sky = sharp({ create: { width, height, channels: 3, background: '#7d8a94' } })
  return save(name, sky.composite(await Promise.all(parts)))
}

t.test('a face of 32 pixels somewhere in 12 megapixels is found', async (t) => {
  const live = await view('far.jpg', 4000, 3000, [{ who: anna, left: 2900, top: 1100, side: 32 }])
  const { identical, live_image } = await engine.compare(reference, live)
  t.ok(identical)
  const { box } = live_image.face
  t.ok(Math.abs(box.x + box.width / 2 - 2935) < 16 && Math.abs(box.y + box.height / 2 - 1135) < 16, 'it lies there')
})

t.test('so is one that lies on its side', async (t) => {
  const live = await view('lying.jpg', 1600, 1200, [{ who: anna, left: 300, top: 500, side: 48, turned: 90 }])
  t.ok((await engine.compare(reference, live)).identical)
})

t.test('of two people far away the larger counts', async (t) => {
  const live = await view('two.jpg', 1600, 1200, [
    { who: anna, left: 600, top: 400, side: 40 },
    { who: ben, left: 900, top: 500, side: 28 },
  ])
  const { identical, live_image } = await engine.compare(reference, live)
  t.ok(identical)
  t.match(live_image, { faces: 2, chosen: 'largest' })
})

for (const [name, gain, flaws] of [
  ['nearly dark', 0.05, []],
  ['overexposed', 4, ['too_bright']],
] as const) {
  t.test(`a photo that is ${name} still shows who it is`, async (t) => {
    const shade = (await portraitOf(anna)).linear([gain, gain, gain], [0, 0, 0])
    const live = await save(`${gain}.jpg`, shade)
    const { identical, live_image } = await engine.compare(reference, live)
    t.ok(identical)
    t.strictSame(live_image.face.flaws, flaws)
    t.notOk((await engine.compare(stranger, live)).identical)
  })
}

t.test('a large photo without a face is refused as such', async (t) => {
  const empty = await view('empty.jpg', 4000, 3000, [])
  await t.rejects(engine.compare(reference, empty), { code: 'no_face', field: 'live_image' })
})
