import { createRequire } from 'node:module'
import type * as Tfjs from '@tensorflow/tfjs'
import type * as FaceApi from '@vladmandic/face-api'
import type { Test } from 'tap'
import { type FaceApiBackend, loadFaceApiNetworks } from '../../lib/runtime/face-api.js'
import { readWeightsManifest, weightsFolder } from '../../lib/weights.js'
import { batchOf, facePixels, largestDifference, photoPixels, REAL_FACES } from '../real-faces.js'

const require = createRequire(import.meta.url)
const TOLERANCE = 1e-4

const DISTRIBUTIONS = { 'tfjs-node': 'face-api.node.js', wasm: 'face-api.node-wasm.js' }

/** face-api used as its documentation says, its networks loaded by itself. */
async function loadPublicApi(backend: FaceApiBackend) {
  const faceApi: typeof FaceApi = require(`@vladmandic/face-api/dist/${DISTRIBUTIONS[backend]}`)
  const folder = weightsFolder(await readWeightsManifest())
  const { ssdMobilenetv1, tinyFaceDetector, faceLandmark68Net, faceRecognitionNet } = faceApi.nets
  for (const network of [ssdMobilenetv1, tinyFaceDetector, faceLandmark68Net, faceRecognitionNet])
    await network.loadFromDisk(folder)
  const imageOf = (pixels: Float32Array, side: number) => faceApi.tf.tensor3d(pixels, [side, side, 3])
  return { nets: faceApi.nets, imageOf }
}

/** That the reference runtime gives what face-api itself gives, on one of the backends. */
export async function checkFaceApiRuntime(t: Test, backend: FaceApiBackend): Promise<void> {
  const networks = await loadFaceApiNetworks(backend)
  const { nets, imageOf } = await loadPublicApi(backend)
  const { memory }: typeof Tfjs = require('@tensorflow/tfjs')
  const faces = backend === 'wasm' ? REAL_FACES.slice(0, 2) : REAL_FACES // WebAssembly is ten times slower

  t.test('the boxes and scores are those of face-api itself', async (t) => {
    const images = [await photoPixels(1, 512), await photoPixels(5, 512)]
    const both = await networks.detect(batchOf(images), 512, 2)
    for (const [i, pixels] of images.entries()) {
      const expected = await nets.ssdMobilenetv1.forward(imageOf(pixels, 512))
      const [boxes, scores] = [await expected.boxes[0].data(), await expected.scores[0].data()]
      const n = scores.length
      t.ok(
        scores.some((score) => score > 0.9),
        'the photo shows a face',
      )
      t.ok(largestDifference(both.scores.subarray(i * n, (i + 1) * n), Float32Array.from(scores)) < TOLERANCE)
      t.ok(largestDifference(both.boxes.subarray(4 * i * n, 4 * (i + 1) * n), Float32Array.from(boxes)) < TOLERANCE)
    }
  })

  t.test('what the tiny detector sees is what face-api itself sees', async (t) => {
    for (const face of faces) {
      const portrait = await facePixels(face, 2.2, 96)
      const { boxes, scores } = await networks.detectPortraits(portrait, 96, 1)
      const best = scores.indexOf(Math.max(...scores))
      const [ymin, xmin, ymax, xmax] = boxes.subarray(4 * best, 4 * best + 4)
      const [expected] = await nets.tinyFaceDetector.locateFaces(imageOf(portrait, 96), {
        inputSize: 96,
        scoreThreshold: 0.1,
      })
      const { left, top, right, bottom } = expected.relativeBox
      t.ok(largestDifference(Float32Array.of(scores[best]), Float32Array.of(expected.score)) < TOLERANCE)
      const corners = Float32Array.of(top, left, bottom, right)
      t.ok(largestDifference(Float32Array.of(ymin, xmin, ymax, xmax), corners) < TOLERANCE)
    }
  })

  t.test('the landmarks are those of face-api itself', async (t) => {
    const crops = await Promise.all(faces.map((face) => facePixels(face, 1.2, 112)))
    const points = await networks.landmarks(batchOf(crops), crops.length)
    for (const [i, crop] of crops.entries()) {
      const expected = await (await nets.faceLandmark68Net.forward(imageOf(crop, 112))).data()
      t.ok(largestDifference(points.subarray(136 * i, 136 * (i + 1)), Float32Array.from(expected)) < TOLERANCE)
    }
  })

  t.test('the descriptors are those of face-api itself', async (t) => {
    const chips = await Promise.all(faces.map((face) => facePixels(face, 1.2, 150)))
    const descriptors = await networks.descriptors(batchOf(chips), chips.length)
    for (const [i, chip] of chips.entries()) {
      const expected = await (await nets.faceRecognitionNet.forward(imageOf(chip, 150))).data()
      t.ok(largestDifference(descriptors.subarray(128 * i, 128 * (i + 1)), Float32Array.from(expected)) < TOLERANCE)
    }
  })

  for (const size of [128, 256]) {
    t.test(`a face that fills half of the picture is found at ${size} x ${size} too`, async (t) => {
      for (const face of faces) {
        const { boxes, scores } = await networks.detect(await facePixels(face, 2, size), size, 1)
        const best = scores.indexOf(Math.max(...scores))
        const [ymin, xmin, ymax, xmax] = boxes.subarray(4 * best, 4 * best + 4)
        t.ok(scores[best] > 0.6, `score ${scores[best].toFixed(2)}`)
        t.ok(Math.abs((ymin + ymax) / 2 - 0.5) < 0.1 && Math.abs((xmin + xmax) / 2 - 0.5) < 0.1, 'in the middle')
        t.ok(ymax - ymin > 0.3 && ymax - ymin < 0.7, `height ${(ymax - ymin).toFixed(2)}`)
      }
    })
  }

  t.test('a size the detector cannot work at is refused', async (t) => {
    await t.rejects(networks.detect(new Float32Array(100 * 100 * 3), 100, 1), { message: /multiple of 64, not 100/ })
  })

  t.test('no tensor outlives a call, and none of ours the end', async (t) => {
    const before = memory().numTensors
    await networks.detect(new Float32Array(128 * 128 * 3), 128, 1)
    await networks.detectPortraits(new Float32Array(96 * 96 * 3), 96, 1)
    await networks.landmarks(new Float32Array(112 * 112 * 3), 1)
    await networks.descriptors(new Float32Array(150 * 150 * 3), 1)
    t.equal(memory().numTensors, before)
    const again = await loadFaceApiNetworks(backend)
    await again.detect(new Float32Array(128 * 128 * 3), 128, 1)
    await again.close()
    t.equal(memory().numTensors, before)
  })

  t.test('the description names the backend and its version', async (t) => {
    t.equal(networks.runtime, 'face-api')
    t.match(networks.description, /^face-api \d+\.\d+\.\d+ on /)
    t.match(networks.description, backend === 'wasm' ? /WebAssembly/ : /TensorFlow \d+\.\d+\.\d+/)
  })
}
