import t from 'tap'
import { PORTRAIT_SIZE } from '../../lib/face/portrait.js'
import { CHIP_SIZE } from '../../lib/networks/descriptor.js'
import { LANDMARK_CROP_SIZE } from '../../lib/networks/landmarks.js'
import type { FaceNetworks, RuntimeName } from '../../lib/runtime/face-networks.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { batchOf, facePixels, largestDifference, photoPixels, REAL_FACES } from '../real-faces.js'

/** How far a runtime may be from face-api's own layers: rounding of float32, not a difference anybody could see. */
const TOLERANCE = 1e-4

/** The runtimes that load on this machine; the test says which do not. */
async function loadOrSkip(runtime: RuntimeName): Promise<FaceNetworks | string> {
  try {
    return (await loadNetworks(runtime, { precision: 'fp32' })).networks
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

// Before face-api, as TensorFlow is set up by who loads it first, and the service's settings are to be tested.
const runtimes = [
  { runtime: 'tensorflow', networks: await loadOrSkip('tensorflow') },
  { runtime: 'onnx', networks: await loadOrSkip('onnx') },
  { runtime: 'wasm', networks: await loadOrSkip('wasm') },
]

const faceApi = (await loadNetworks('face-api')).networks
const crops = batchOf(await Promise.all(REAL_FACES.map((face) => facePixels(face, 1.2, LANDMARK_CROP_SIZE))))
const chips = batchOf(await Promise.all(REAL_FACES.map((face) => facePixels(face, 1.2, CHIP_SIZE))))
const count = REAL_FACES.length

/** Two photos in one batch, at sizes of the ladder and between; the largest alone, as face-api is slow at it. */
const DETECTIONS = await Promise.all(
  [
    { size: 128, photos: [3, 5] },
    { size: 192, photos: [1, 6] },
    { size: 512, photos: [5] },
  ].map(async ({ size, photos }) => {
    const images = batchOf(await Promise.all(photos.map((photo) => photoPixels(photo, size))))
    return { size, photos, images, expected: await faceApi.detect(images, size, photos.length) }
  }),
)
const portraits = batchOf(await Promise.all(REAL_FACES.map((face) => facePixels(face, 2.2, PORTRAIT_SIZE))))
const expectedPortraits = await faceApi.detectPortraits(portraits, PORTRAIT_SIZE, count)
const expectedPoints = await faceApi.landmarks(crops, count)
const expectedDescriptors = await faceApi.descriptors(chips, count)
await faceApi.close()

for (const { runtime, networks } of runtimes) {
  if (typeof networks === 'string') {
    t.test(`${runtime} gives what face-api's own layers give`, { skip: networks }, async () => {})
    continue
  }
  t.test(`${runtime} gives what face-api's own layers give`, async (t) => {
    t.teardown(() => networks.close())

    for (const { size, photos, images, expected } of DETECTIONS) {
      t.test(`boxes and scores of ${photos.length} photos at ${size}`, async (t) => {
        const found = await networks.detect(images, size, photos.length)
        t.ok(expected.scores.some((score) => score > 0.5))
        t.ok(largestDifference(found.boxes, expected.boxes) < TOLERANCE)
        t.ok(largestDifference(found.scores, expected.scores) < TOLERANCE)
      })
    }

    t.test('what the tiny detector sees in six portraits, alone and as a batch', async (t) => {
      const all = await networks.detectPortraits(portraits, PORTRAIT_SIZE, count)
      t.ok(largestDifference(all.boxes, expectedPortraits.boxes) < TOLERANCE)
      t.ok(largestDifference(all.scores, expectedPortraits.scores) < TOLERANCE)
      const { scores } = await networks.detectPortraits(portraits, PORTRAIT_SIZE, 1)
      t.ok(largestDifference(scores, expectedPortraits.scores.subarray(0, scores.length)) < TOLERANCE)
      t.ok(Math.max(...scores) > 0.5)
    })

    t.test('landmarks of six faces, alone and as a batch', async (t) => {
      t.ok(largestDifference(await networks.landmarks(crops, count), expectedPoints) < TOLERANCE)
      t.ok(largestDifference(await networks.landmarks(crops, 1), expectedPoints.subarray(0, 136)) < TOLERANCE)
    })

    t.test('descriptors of six faces, alone and as a batch', async (t) => {
      t.ok(largestDifference(await networks.descriptors(chips, count), expectedDescriptors) < TOLERANCE)
      t.ok(largestDifference(await networks.descriptors(chips, 1), expectedDescriptors.subarray(0, 128)) < TOLERANCE)
    })

    t.test('a size that is no multiple of 64 is refused', async (t) => {
      await t.rejects(networks.detect(new Float32Array(100 * 100 * 3), 100, 1), { name: 'RangeError' })
    })
  })
}
