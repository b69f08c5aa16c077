import path from 'node:path'
import type { Sharp } from 'sharp'
import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

const engine = await createFaceEngine({ samePhoto: 'refuse' })
t.teardown(() => engine.close())

const folder = t.testdir({})
async function save(name: string, photo: Sharp, format: 'jpeg' | 'webp' | 'png' = 'jpeg', quality = 90) {
  const file = path.join(folder, `${name}.${format}`)
  await photo.toFormat(format, { quality }).toFile(file)
  return file
}

const [anna, , carla, , emma, fiona] = REAL_FACES
const SIDE = Math.round(2.4 * fiona.side)
const original = await save('original', await facePhoto(fiona, 2.4))

t.test(
  'a copy of the reference photo is recognised, whatever was done to it, and refused where the service is told to',
  async (t) => {
    const picture = () => facePhoto(fiona, 2.4)
    const inner = { left: 40, top: 60, width: SIDE - 90, height: SIDE - 100 }
    const copies = {
      'the file itself': original,
      'compressed a lot': await save('compressed', await picture(), 'jpeg', 20),
      'as WebP': await save('webp', await picture(), 'webp', 60),
      'a third of the size': await save('small', (await picture()).resize(Math.round(SIDE / 3))),
      enlarged: await save('large', (await picture()).resize(Math.round(SIDE * 1.6))),
      cropped: await save('cropped', (await picture()).extract(inner)),
      mirrored: await save('mirrored', (await picture()).flop()),
      'cropped, mirrored and smaller': await save('all', (await picture()).extract(inner).flop().resize(250)),
      'turned and darker': await save(
        'turned',
        (await picture()).rotate(8, { background: 'grey' }).modulate({ brightness: 0.7 }),
      ),
      'without colour': await save('grey', (await picture()).greyscale()),
    }
    for (const [how, copy] of Object.entries(copies)) {
      const reply = await engine.compare(original, copy)
      t.match(reply, { same_photo: true, identical: false, reason: 'same_photo' }, how)
      t.ok(reply.distance <= reply.threshold, how)
    }
  },
)

t.test('a photo of somebody else is no copy, and its refusal needs no such reason', async (t) => {
  for (const other of [anna, carla, emma]) {
    const reply = await engine.compare(original, await save('other', await facePhoto(other, 2.4)))
    t.match(reply, { same_photo: false, identical: false })
    t.notOk('reason' in reply)
  }
})

t.test(
  'a face that differs in its details from the reference is no copy, even before the same background',
  async (t) => {
    // As another photo of the same moment: the face a little thinner, the room the same.
    const face = {
      left: Math.round(SIDE * 0.3),
      top: Math.round(SIDE * 0.25),
      width: Math.round(SIDE * 0.4),
      height: Math.round(SIDE * 0.5),
    }
    const thinner = await (await facePhoto(fiona, 2.4))
      .extract(face)
      .resize(Math.round(face.width * 0.82), face.height, { fit: 'fill' })
      .png()
      .toBuffer()
    const moved = (await facePhoto(fiona, 2.4)).composite([
      { input: thinner, left: face.left + 20, top: face.top - 12 },
    ])
    const reply = await engine.compare(original, await save('moved', moved))
    t.equal(reply.same_photo, false)
  },
)

t.test('copies are only reported unless the service is told to refuse them', async (t) => {
  const reporting = await createFaceEngine()
  t.teardown(() => reporting.close())
  const reply = await reporting.compare(original, original)
  t.match(reply, { same_photo: true, identical: true })
  t.notOk('reason' in reply)
})
