import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { analysePhotos } from '../../lib/face/analyse-photos.js'
import { intersectionOverUnion } from '../../lib/face/geometry.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { FaceNetworks } from '../../lib/runtime/face-networks.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import type { Faces } from '../../schemas/compare.js'
import { demoPhotoPath, facePhoto, REAL_FACES } from '../real-faces.js'

const { networks } = await loadNetworks('auto')
t.teardown(() => networks.close())
const folder = t.testdir({})

/** Side of a portrait in sides of the face in it, as in LFW. */
const ZOOM = 2.2

/** What is seen in photos that are described together, and in how many images the detector had to look. */
async function see(files: readonly string[], faces: Faces = 'largest', used = networks) {
  let detected = 0
  const watched: FaceNetworks = {
    ...used,
    detect(images, size, count) {
      detected += count
      return used.detect(images, size, count)
    },
  }
  const photos = await Promise.all(files.map(async (file) => ({ photo: await openPhoto(file) })))
  const seen = await analysePhotos(watched, photos, faces)
  return { seen: seen.map(({ candidates: [face], ...rest }) => ({ face, ...rest })), detected }
}

/** Networks of which the tiny detector never sees anything. */
const blind: FaceNetworks = {
  ...networks,
  async detectPortraits(images, size, count) {
    const { boxes, scores } = await networks.detectPortraits(images, size, count)
    return { boxes, scores: scores.fill(0) }
  },
}

/** How far the main face lies where the detector alone finds it: shared over covered area of the two boxes. */
async function agreement(file: string): Promise<number> {
  const [one, other] = [await see([file]), await see([file], 'largest', blind)]
  return intersectionOverUnion(one.seen[0].face.box, other.seen[0].face.box)
}

async function portrait(person: number): Promise<string> {
  const file = path.join(folder, `person-${person}.jpg`)
  await (await facePhoto(REAL_FACES[person], ZOOM)).resize(250, 250).jpeg().toFile(file)
  return file
}

const portraits = await Promise.all(REAL_FACES.map((_, person) => portrait(person)))

t.test('portraits need no look of the detector, and their faces lie where it sees them', async (t) => {
  let looks = 0
  for (const file of portraits) {
    const { seen, detected } = await see([file])
    looks += detected
    t.equal(seen[0].faces.length, 1)
    t.equal(seen[0].chosen, 'only')
    const overlap = await agreement(file)
    t.ok(overlap > 0.6, `overlap ${overlap}`)
    t.ok(seen[0].face.score > 0.7 && seen[0].face.score <= 1, `score ${seen[0].face.score}`)
  }
  t.ok(looks <= portraits.length / 2, `${looks} looks at ${portraits.length} portraits`)
})

t.test('of two photos described together only the one that is no portrait is looked at by the detector', async (t) => {
  const group = demoPhotoPath(1)
  for (const file of portraits) {
    const [alone, other, both] = [await see([file]), await see([group]), await see([file, group])]
    t.equal(both.detected, alone.detected + other.detected)
    t.ok(intersectionOverUnion(both.seen[0].face.box, alone.seen[0].face.box) > 0.9)
    t.ok(intersectionOverUnion(both.seen[1].face.box, other.seen[0].face.box) > 0.9)
  }
})

t.test('where one face or any is asked for, the detector looks at every photo', async (t) => {
  for (const faces of ['single', 'any'] as const) {
    t.ok((await see([portraits[1]], faces)).detected >= 3, 'at each of its sizes')
  }
})

t.test('of several people the same one counts as without the tiny detector', async (t) => {
  for (const photo of [1, 2, 3, 4, 5, 6]) {
    const overlap = await agreement(demoPhotoPath(photo))
    t.ok(overlap > 0.5, `photo ${photo}: overlap ${overlap}`)
  }
})

t.test('a face beside the middle that is as large or larger is never overlooked', async (t) => {
  for (const [first, second] of [
    [1, 4],
    [4, 2],
    [2, 5],
  ]) {
    for (const side of [150, 250, 350]) {
      const file = path.join(folder, `beside-${first}-${second}-${side}.png`)
      const beside = await sharp(portraits[second]).resize(side, side).png().toBuffer()
      const [width, height] = [250 + side, Math.max(250, side)]
      await sharp({ create: { width, height, channels: 3, background: '#8a8f94' } })
        .composite([
          { input: portraits[first], left: 0, top: 0 },
          { input: beside, left: 250, top: 0 },
        ])
        .toFile(file)
      const overlap = await agreement(file)
      t.ok(overlap > 0.5, `${first} beside ${second} of ${side} pixels: overlap ${overlap}`)
    }
  }
})

t.test('a face that lies on its side or upside down is found as it lies', async (t) => {
  const turned = path.join(folder, 'turned.png')
  for (const degrees of [90, 180]) {
    await sharp(portraits[2]).rotate(degrees).toFile(turned)
    const { seen, detected } = await see([turned])
    t.ok(detected > 0)
    const [right, left] = [seen[0].face.points[36], seen[0].face.points[45]]
    const angle = (Math.atan2(left.y - right.y, left.x - right.x) * 180) / Math.PI
    t.ok(Math.abs(((angle - degrees + 540) % 360) - 180) < 20, `eyes at ${angle} degrees`)
  }
})
