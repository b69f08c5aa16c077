import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { createFaceEngine } from '../lib/create-face-engine.js'
import { readCalibration, thresholdFor } from '../lib/verdict.js'
import { demoPhotoPath, facePhoto, REAL_FACES } from './real-faces.js'

const engine = await createFaceEngine()
t.teardown(() => engine.close())

const folder = t.testdir({})
let files = 0
async function save(photo: Sharp, format: 'jpeg' | 'png' = 'jpeg'): Promise<string> {
  const file = path.join(folder, `${files++}.${format}`)
  await photo.toFormat(format, { quality: 90 }).toFile(file)
  return file
}

const [anna, , carla, , emma, fiona] = REAL_FACES
const portrait = await save(await facePhoto(fiona, 2))

t.test('two photos of one person are identical, whatever the crop, size, light and encoding', async (t) => {
  const others = {
    'cut closer': await facePhoto(fiona, 1.5),
    'from farther off': await facePhoto(fiona, 3.2),
    'half the size': (await facePhoto(fiona, 2)).resize(300),
    brighter: (await facePhoto(fiona, 2)).modulate({ brightness: 1.25 }),
    'without colour': (await facePhoto(fiona, 2)).greyscale(),
    'leaning by 20 degrees': (await facePhoto(fiona, 2)).rotate(20),
  }
  for (const [how, photo] of Object.entries(others)) {
    const { identical, distance, similarity, threshold } = await engine.compare(portrait, await save(photo))
    t.ok(identical, `${how}: distance ${distance}`)
    t.ok(distance < threshold && similarity > 0.5)
  }
})

t.test('photos of different people are not', async (t) => {
  for (const other of [anna, carla, emma]) {
    const reply = await engine.compare(portrait, await save(await facePhoto(other, 2)))
    t.notOk(reply.identical, `distance ${reply.distance}`)
    t.ok(reply.similarity < 0.5)
    t.ok(reply.false_match_rate > 1e-3)
  }
})

t.test('a photo compared with itself has distance 0', async (t) => {
  const reply = await engine.compare(portrait, portrait)
  t.match(reply, { identical: true, distance: 0, similarity: 1 })
})

t.test('which photo is the reference makes no difference', async (t) => {
  const other = await save(await facePhoto(carla, 2))
  const there = await engine.compare(portrait, other)
  const back = await engine.compare(other, portrait)
  t.ok(Math.abs(there.distance - back.distance) < 1e-5, 'but for rounding')
  t.same(there.reference_image, back.live_image)
})

t.test('the reply says where the face is, in pixels of the upright photo', async (t) => {
  const side = 2 * fiona.side
  const turned = await save((await facePhoto(fiona, 2)).rotate(90).withMetadata({ orientation: 8 }))
  const reply = await engine.compare(portrait, turned)
  t.ok(reply.distance < 0.1, `turned by EXIF only: ${reply.distance}`)
  for (const { width, height, face } of [reply.reference_image, reply.live_image]) {
    t.same([width, height], [side, side])
    const centre = face.box.x + face.box.width / 2
    t.ok(Math.abs(centre - side / 2) < side / 8, 'the face is in the middle')
    const { right_eye_outer, right_eye_inner, left_eye_inner, left_eye_outer, nose_base } = face.points
    const across = [right_eye_outer.x, right_eye_inner.x, nose_base.x, left_eye_inner.x, left_eye_outer.x]
    t.same(
      across,
      across.toSorted((p, q) => p - q),
      'from the person’s right to the left',
    )
    t.ok(nose_base.y > right_eye_inner.y && nose_base.y > left_eye_inner.y)
  }
})

t.test('a small face in a large photo is read at full resolution', async (t) => {
  const small = (await facePhoto(fiona, 1.6)).resize(640)
  const scene = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#8a8478' } })
  const large = scene.composite([{ input: await small.png().toBuffer(), left: 2600, top: 1700 }])
  const reply = await engine.compare(portrait, await save(large))
  t.ok(reply.identical, `distance ${reply.distance}`)
  const { box } = reply.live_image.face
  t.ok(box.x > 2600 && box.x + box.width < 3240 && box.y > 1700 && box.y + box.height < 2340)
})

t.test('a photo with several faces: the large one in the middle counts, or the photo is refused', async (t) => {
  const reply = await engine.compare(demoPhotoPath(6), portrait)
  t.equal(reply.reference_image.faces, 4)
  await t.rejects(engine.compare(portrait, demoPhotoPath(6), { faces: 'single' }), {
    code: 'several_faces',
    field: 'live_image',
    message: /4 faces/,
  })
  await t.resolves(engine.compare(portrait, portrait, { faces: 'single' }))
})

t.test('a photo without a face is refused by its field', async (t) => {
  const noise = Buffer.from(Uint32Array.from({ length: 300 * 300 }, (_, i) => (i * 2654435761) % 0xffffff).buffer)
  const photos = {
    'one colour': sharp({ create: { width: 300, height: 300, channels: 3, background: '#777' } }),
    noise: sharp(noise, { raw: { width: 300, height: 300, channels: 4 } }).removeAlpha(),
    'a patch of wall': sharp(demoPhotoPath(1)).extract({ left: 20, top: 20, width: 300, height: 200 }),
    'a single pixel': sharp({ create: { width: 1, height: 1, channels: 3, background: '#c90' } }),
  }
  for (const [what, photo] of Object.entries(photos)) {
    const file = await save(photo, 'png')
    await t.rejects(engine.compare(file, portrait), { code: 'no_face', field: 'reference_image' }, what)
    await t.rejects(engine.compare(portrait, file), { code: 'no_face', field: 'live_image' }, what)
  }
})

t.test('a threshold of one’s own decides, and a senseless one is refused', async (t) => {
  const other = await save(await facePhoto(fiona, 1.6))
  const { distance } = await engine.compare(portrait, other)
  t.match(await engine.compare(portrait, other, { threshold: distance / 2 }), { identical: false })
  t.match(await engine.compare(portrait, other, { threshold: distance }), { identical: true })
  for (const threshold of [0, 2, -1, Number.NaN]) {
    await t.rejects(engine.compare(portrait, other, { threshold }), RangeError)
    await t.rejects(createFaceEngine({ threshold }), RangeError)
  }
})

t.test('the threshold follows from the false match rate that is asked for, within what was measured', async (t) => {
  const calibration = await readCalibration()
  const strict = await createFaceEngine({ falseMatchRate: 1e-4 })
  t.teardown(() => strict.close())
  const { threshold, similarity, distance } = await strict.compare(portrait, portrait)
  t.equal(threshold, thresholdFor(calibration, 1e-4))
  t.ok(threshold < (await engine.compare(portrait, portrait)).threshold)
  t.match({ similarity, distance }, { similarity: 1, distance: 0 })
  await t.rejects(createFaceEngine({ falseMatchRate: 1e-9 }), {
    name: 'RangeError',
    message: /FACEMETRIC_FALSE_MATCH_RATE\) must lie between 0\.00\d+ and 1, where it was measured; got 1e-9$/,
  })
})

t.test('each preset says the same of clear cases, by a threshold of its own', async (t) => {
  const other = await save(await facePhoto(anna, 2))
  const same = await save(await facePhoto(fiona, 1.6))
  const usual = await engine.compare(portrait, other)
  for (const preset of ['fastest', 'accurate'] as const) {
    const engine = await createFaceEngine({ preset })
    t.teardown(() => engine.close())
    const { threshold } = await engine.compare(portrait, portrait)
    t.equal(threshold, thresholdFor(await readCalibration(preset), 1e-3))
    t.match(await engine.compare(portrait, same), { identical: true })
    const comparison = await engine.compare(portrait, other)
    t.match(comparison, { identical: false })
    t.not(comparison.distance, usual.distance)
  }
})

t.test('the fastest preset does not look at the mirror image, and estimates quality without it', async (t) => {
  const engine = await createFaceEngine({ preset: 'fastest' })
  t.teardown(() => engine.close())
  const { live_image: photo } = await engine.compare(portrait, portrait)
  t.notOk('symmetry' in JSON.parse(JSON.stringify(photo.face.measures)))
  t.ok(photo.face.quality > 0.5 && photo.face.quality <= 1, 'a good portrait')
})

t.test('an aborted comparison gives up', async (t) => {
  const reason = new Error('the client left')
  await t.rejects(engine.compare(portrait, portrait, { signal: AbortSignal.abort(reason) }), reason)
})
