import path from 'node:path'
import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import { demoPhotoPath, facePhoto, REAL_FACES } from '../real-faces.js'
import { type Pasted, pasteScene } from '../scene.js'

const engine = await createFaceEngine()
t.teardown(() => engine.close())
const folder = t.testdir({})
const [anna, , carla, , emma] = REAL_FACES

async function scene(name: string, people: readonly Pasted[]): Promise<string> {
  const file = path.join(folder, `${name}.jpg`)
  await (await pasteScene(1200, 800, people)).jpeg({ quality: 90 }).toFile(file)
  return file
}

const PERSON: Pasted = { who: anna, x: 640, y: 420, side: 250 }
const POSTER: Pasted = { who: carla, x: 270, y: 400, side: 350 }

t.test('the larger of two people counts', async (t) => {
  const { live_image, identical } = await engine.compare(
    await scene('carla', [{ ...POSTER, x: 600 }]),
    await scene('two', [PERSON, POSTER]),
  )
  t.ok(identical)
  t.match(live_image, { faces: 2, chosen: 'largest', others: [{}] })
  t.ok(live_image.others[0].box.x > 400, 'and the reply says where the other one is')
})

t.test('also where the picture of the smaller one has more detail for its size', async (t) => {
  const { live_image, identical } = await engine.compare(
    await scene('anna-large', [{ ...PERSON, x: 330, side: 420 }]),
    await scene('detailed', [
      { ...PERSON, x: 330, side: 420 },
      { ...POSTER, x: 850, side: 300 },
    ]),
  )
  t.ok(identical)
  t.match(live_image, { faces: 2, chosen: 'largest' })
})

t.test('a large poster out of focus behind a person does not count', async (t) => {
  const { live_image, identical } = await engine.compare(
    await scene('anna', [PERSON]),
    await scene('poster', [PERSON, { ...POSTER, blur: 5 }]),
  )
  t.ok(identical)
  t.match(live_image, { faces: 2, chosen: 'sharpest' })
})

t.test('nor does a larger person at the edge of the photo', async (t) => {
  const { live_image, identical } = await engine.compare(
    await scene('middle', [PERSON]),
    await scene('edge', [
      { ...PERSON, x: 600, y: 400 },
      { ...POSTER, x: 145, y: 145, side: 270 },
    ]),
  )
  t.ok(identical)
  t.match(live_image, { faces: 2, chosen: 'central' })
})

t.test('a photo of one face says that it is the only one', async (t) => {
  const { reference_image } = await engine.compare(await scene('one', [PERSON]), await scene('same', [PERSON]))
  t.match(reference_image, { faces: 1, chosen: 'only', others: [] })
})

t.test('faces=any finds the person of a portrait in a group photo, wherever they stand', async (t) => {
  const group = demoPhotoPath(5)
  const portrait = path.join(folder, 'emma.jpg')
  await (await facePhoto(emma, 1.8)).jpeg().toFile(portrait)
  const largest = await engine.compare(portrait, group)
  const any = await engine.compare(portrait, group, { faces: 'any' })
  t.ok(any.identical)
  t.ok(any.distance <= largest.distance)
  t.equal(any.live_image.faces, 5, 'and takes none of the five people for two')
  t.equal(any.live_image.chosen, 'best_pair')
  const { box } = any.live_image.face
  t.ok(Math.abs(box.x + box.width / 2 - emma.x) < emma.side / 2, 'and says which face it is')
  t.equal(any.live_image.others.length, any.live_image.faces - 1)
  const either = await engine.compare(group, portrait, { faces: 'any' })
  t.ok(Math.abs(either.distance - any.distance) < 1e-5, 'in either photo')
})

t.test('with faces=any the false match rate grows with the pairs that were tried', async (t) => {
  const stranger = await scene('stranger', [PERSON])
  const one = await scene('one-of', [POSTER])
  const several = await scene('several', [POSTER, { ...PERSON, who: emma, side: 200, x: 900 }])
  const alone = await engine.compare(stranger, one, { faces: 'any' })
  const many = await engine.compare(stranger, several, { faces: 'any' })
  t.notOk(many.identical)
  t.ok(many.distance <= alone.distance + 0.05)
  t.ok(many.false_match_rate > alone.false_match_rate || many.false_match_rate === 1)
})
