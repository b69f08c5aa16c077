import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import { writePortraits } from '../portraits.js'
import { demoPhotoPath, REAL_FACES } from '../real-faces.js'

const engine = await createFaceEngine()
const portraits = await writePortraits()
t.teardown(() => Promise.all([engine.close(), portraits.remove()]))

/** A portrait turned clockwise about its centre, on black, by so many degrees. */
async function turned(person: number, degrees: number): Promise<string> {
  const file = path.join(portraits.folder, `person-${person}-${degrees}.png`)
  await sharp(portraits.path(person)).rotate(degrees, { background: 'black' }).png().toFile(file)
  return file
}

for (const degrees of [37, 90, 180]) {
  t.test(`a portrait turned by ${degrees} degrees is still the same person, and nobody else`, async (t) => {
    for (const person of REAL_FACES.keys()) {
      const live = await turned(person, degrees)
      const { identical, distance, live_image } = await engine.compare(portraits.path(person), live)
      t.ok(identical && distance < 0.1, `person ${person} at ${distance}`)
      t.equal(live_image.faces, 1)
    }
    const { identical, distance } = await engine.compare(portraits.path(4), await turned(3, degrees))
    t.notOk(identical, `somebody else is at ${distance}`)
  })
}

t.test('the box and the points of a turned face lie where the face is in the photo as sent', async (t) => {
  const { reference_image, live_image } = await engine.compare(portraits.path(3), await turned(3, 90))
  const { points: upright } = reference_image.face
  const { points, box } = live_image.face
  // A quarter turn clockwise of 250 pixels: (x, y) -> (250 - y, x).
  for (const [name, { x, y }] of Object.entries(upright)) {
    const found = points[name as keyof typeof points]
    t.ok(Math.hypot(found.x - (250 - y), found.y - x) < 5, `${name} at ${found.x}, ${found.y}`)
    const inside = found.x > box.x && found.x < box.x + box.width && found.y > box.y && found.y < box.y + box.height
    t.ok(inside, `${name} lies in the box`)
  }
})

t.test('one face only: a turned photo of one person is accepted, one of several is refused', async (t) => {
  const live = await turned(3, 180)
  t.ok((await engine.compare(portraits.path(3), live, { faces: 'single' })).identical)
  const two = path.join(portraits.folder, 'two-upside-down.png')
  const second = await sharp(portraits.path(5)).toBuffer()
  const side = await sharp(portraits.path(3))
    .extend({ right: 250 })
    .composite([{ input: second, left: 250, top: 0 }])
  await sharp(await side.png().toBuffer())
    .rotate(180)
    .toFile(two)
  await t.rejects(engine.compare(portraits.path(3), two, { faces: 'single' }), { code: 'several_faces' })
})

t.test('in a photo of several people that is turned the same person counts as in the upright one', async (t) => {
  for (const [photo, degrees] of [
    [1, 90],
    [4, 37],
  ]) {
    const upright = demoPhotoPath(photo)
    const live = path.join(portraits.folder, `group-${photo}.jpg`)
    await sharp(upright).rotate(degrees, { background: 'black' }).jpeg({ quality: 90 }).toFile(live)
    const { identical, distance } = await engine.compare(upright, live)
    t.ok(identical && distance < 0.1, `photo ${photo} at ${distance}`)
  }
})
