import sharp from 'sharp'
import t from 'tap'
import { cutFacePatch } from '../../lib/face/face-patch.js'
import { findFaces } from '../../lib/face/find-faces.js'
import { distance, meanPoint } from '../../lib/face/geometry.js'
import { eyeCentres, type FaceToLocate, locateLandmarks } from '../../lib/face/landmarks.js'
import { orderFaces } from '../../lib/face/main-face.js'
import { plainView } from '../../lib/face/view.js'
import type { FaceNetworks } from '../../lib/runtime/face-networks.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

const { networks } = await loadNetworks('auto')
t.teardown(() => networks.close())

/** The networks, and how many crops the landmark network was shown. */
function counting() {
  const counted = { crops: 0 }
  const watched: FaceNetworks = {
    ...networks,
    landmarks(crops, count) {
      counted.crops += count
      return networks.landmarks(crops, count)
    },
  }
  return { counted, watched }
}

/** A portrait as in LFW, turned clockwise on black, with its face where the detector sees one; turned far, it may see none. */
async function portraits(person: (typeof REAL_FACES)[number], degrees: number): Promise<FaceToLocate[]> {
  const upright = await (await facePhoto(person, 2.2)).resize(250, 250).png().toBuffer()
  const turned = sharp(upright).rotate(degrees, { background: 'black' }).removeAlpha()
  const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true })
  const image = { width: info.width, height: info.height, data }
  const [found] = await findFaces(networks, [plainView(image)], false)
  const main = orderFaces(found, image).ordered.slice(0, 1)
  return Promise.all(main.map(async (face) => ({ ...face, patch: await cutFacePatch(undefined, image, 1, face.box) })))
}

async function portrait(person: (typeof REAL_FACES)[number], degrees = 0): Promise<FaceToLocate> {
  const [face] = await portraits(person, degrees)
  return face
}

t.test('of an upright face the points are looked for once, and lie where a second time would put them', async (t) => {
  const faces = await Promise.all(REAL_FACES.map((person) => portrait(person)))
  const { counted, watched } = counting()
  const once = await locateLandmarks(watched, faces)
  const settled = once.filter(({ shift }) => shift === 0).length
  t.ok(settled >= REAL_FACES.length / 2, `${settled} settle at once`)
  t.ok(counted.crops < 2 * faces.length, `${counted.crops} crops`)
  const twice = await locateLandmarks(networks, faces, true)
  once.forEach(({ points }, i) => {
    const { rightEye, leftEye } = eyeCentres(twice[i].points)
    const apart = points.map((point, k) => distance(point, twice[i].points[k]))
    const mean = apart.reduce((sum, one) => sum + one, 0) / apart.length / distance(rightEye, leftEye)
    t.ok(mean < 0.06, `person ${i} differs by ${mean} eye distances`)
  })
})

t.test('points that are looked for twice tell that they agree', async (t) => {
  const faces = await Promise.all(REAL_FACES.map((person) => portrait(person)))
  for (const { shift, drift } of await locateLandmarks(networks, faces, true)) {
    t.ok(shift > 0 && shift <= drift && drift < 0.1, `${shift}, ${drift}`)
  }
})

t.test('a face that leans is looked for again, turned upright', async (t) => {
  const [upright] = await locateLandmarks(networks, [await portrait(REAL_FACES[0])], true)
  const { counted, watched } = counting()
  const [leaning] = await locateLandmarks(watched, [await portrait(REAL_FACES[0], 30)])
  t.ok(counted.crops >= 2)
  const angleOf = ({ points }: typeof upright) => {
    const { rightEye, leftEye } = eyeCentres(points)
    return (Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x) * 180) / Math.PI
  }
  const turned = angleOf(leaning) - angleOf(upright)
  t.ok(Math.abs(turned - 30) < 5, `turned by ${turned} degrees`)
})

t.test('points in a face that lies on its side or upside down drift', async (t) => {
  const turned = REAL_FACES.flatMap((person) => [90, 180, 270].map((degrees) => portraits(person, degrees)))
  const faces = (await Promise.all(turned)).flat()
  t.ok(faces.length > REAL_FACES.length)
  const found = await locateLandmarks(networks, faces)
  const drifted = found.filter(({ drift }) => drift > 0.08).length
  t.ok(drifted >= faces.length - 1, `${drifted} of ${faces.length}: ${found.map(({ drift }) => drift.toFixed(3))}`)
})

t.test('where no face has been found, nothing is looked for', async (t) => {
  const { counted, watched } = counting()
  t.same(await locateLandmarks(watched, []), [])
  t.equal(counted.crops, 0)
})

t.test('a box beside the face is made up for', async (t) => {
  const face = await portrait(REAL_FACES[3])
  const [right] = await locateLandmarks(networks, [face], true)
  const shifted = { ...face, box: { ...face.box, x: face.box.x + 0.2 * face.box.width } }
  const { counted, watched } = counting()
  const [found] = await locateLandmarks(watched, [shifted])
  t.ok(counted.crops >= 2)
  const apart = distance(meanPoint(found.points), meanPoint(right.points))
  t.ok(apart < 0.05 * face.box.width, `${apart} pixels`)
})
