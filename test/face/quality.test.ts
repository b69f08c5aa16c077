import path from 'node:path'
import type { Sharp } from 'sharp'
import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import type { Flaw } from '../../lib/face/quality.js'
import { fromPixels, gaussianNoise } from '../image/pictures.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

const engine = await createFaceEngine()
t.teardown(() => engine.close())

const folder = t.testdir({})
async function save(name: string, photo: Sharp): Promise<string> {
  const file = path.join(folder, `${name}.jpg`)
  await photo.jpeg({ quality: 92 }).toFile(file)
  return file
}

const [, , , , , fiona] = REAL_FACES
const ZOOM = 2
const side = Math.round(ZOOM * fiona.side)
const good = await save('good', await facePhoto(fiona, ZOOM))
async function faceOf(file: string) {
  return (await engine.compare(good, file)).live_image.face
}

t.test('a good face has a high quality and no flaw', async (t) => {
  const { quality, flaws, measures } = await faceOf(good)
  t.ok(quality > 0.9, `${quality}`)
  t.same(flaws, [])
  t.equal(measures.visible, 1)
})

t.test('what is wrong with a photo has a name, and lowers the quality', async (t) => {
  const picture = () => facePhoto(fiona, ZOOM)
  // Smaller, so that what noise does to the box does not change by what factor the face is shrunk, which smooths noise.
  const smaller = Math.round(0.92 * side)
  const grain = await fromPixels(gaussianNoise(1, smaller, smaller, 100))
    .png()
    .toBuffer()
  const flawed: Partial<Record<Flaw, Sharp>> = {
    too_small: (await picture()).resize(48),
    blurred: (await picture()).blur(12),
    noisy: (await picture()).resize(smaller).composite([{ input: grain, blend: 'overlay' }]),
    too_bright: (await picture()).linear(1.9, 20),
    cropped: (await picture()).extract({
      left: Math.round(side * 0.45),
      top: 0,
      width: Math.round(side * 0.5),
      height: side,
    }),
  }
  const { quality: best } = await faceOf(good)
  for (const [flaw, photo] of Object.entries(flawed)) {
    const { quality, flaws, measures } = await faceOf(await save(flaw, photo))
    t.ok(
      flaws.some((found) => found === flaw),
      `${flaw}: ${flaws} ${JSON.stringify(measures)}`,
    )
    t.ok(quality < best, `${flaw}: ${quality}`)
  }
})

t.test('a face that is mirrored looks the other way, as much', async (t) => {
  const { measures } = await faceOf(good)
  const { measures: mirrored } = await faceOf(await save('mirrored', (await facePhoto(fiona, ZOOM)).flop()))
  t.ok(Math.abs(measures.yaw + mirrored.yaw) < 8, `${measures.yaw} and ${mirrored.yaw}`)
  t.ok(Math.abs(measures.pitch - mirrored.pitch) < 8)
})

t.test('where the service asks for a quality, a photo below it is refused with what to do', async (t) => {
  const strict = await createFaceEngine({ minQuality: 0.8 })
  t.teardown(() => strict.close())
  const small = await save('small', (await facePhoto(fiona, ZOOM)).resize(48))
  t.match(await strict.compare(good, good), { identical: true })
  const refusal = {
    code: 'low_quality',
    message: /^The quality of the face is 0(\.\d+)?; at least 0\.8 is needed\. Come closer/,
  }
  await t.rejects(strict.compare(good, small), { ...refusal, field: 'live_image' })
  await t.rejects(strict.compare(small, good), { ...refusal, field: 'reference_image' })
  await t.rejects(strict.compare(small, good, { faces: 'any' }), { ...refusal, field: 'reference_image' })
})
