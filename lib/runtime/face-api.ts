import { createRequire } from 'node:module'
import path from 'node:path'
import type * as Tfjs from '@tensorflow/tfjs'
import type * as TfjsWasm from '@tensorflow/tfjs-backend-wasm'
import type * as FaceApi from '@vladmandic/face-api'
import { makeAnchors } from '../networks/anchors.js'
import { CHIP_SIZE } from '../networks/descriptor.js'
import { LANDMARK_CROP_SIZE } from '../networks/landmarks.js'
import { decodeCells } from '../networks/tiny-cells.js'
import { type NetworkName, readNetworkFiles, tensorEntries } from '../weights.js'
import type { FaceNetworks } from './face-networks.js'
import { loadTfjsNode } from './tfjs-node.js'

const require = createRequire(import.meta.url)

/** The only side face-api itself runs its detector at, and the one its anchors are for. */
const FACE_API_SIZE = 512

/** The TensorFlow.js that face-api's layers run on. */
export type FaceApiBackend = 'tfjs-node' | 'wasm'

export interface LoadedFaceApi {
  readonly faceApi: typeof FaceApi
  readonly description: string
}

function loadOnTfjsNode(): LoadedFaceApi {
  const { tf, tensorflow } = loadTfjsNode()
  const faceApi: typeof FaceApi = require('@vladmandic/face-api/dist/face-api.node.js')
  return { faceApi, description: `tfjs-node ${tf.version['tfjs-node']} on TensorFlow ${tensorflow}` }
}

async function loadOnWasm(): Promise<LoadedFaceApi> {
  const tf: typeof Tfjs = require('@tensorflow/tfjs')
  const wasm: typeof TfjsWasm = require('@tensorflow/tfjs-backend-wasm')
  wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep)
  wasm.setThreadsCount(1)
  if (!(await tf.setBackend('wasm'))) throw new Error("TensorFlow.js's WebAssembly backend does not start")
  const faceApi: typeof FaceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js')
  return { faceApi, description: `TensorFlow.js ${tf.version['tfjs-core']} WebAssembly` }
}

/**
 * face-api itself, on a TensorFlow.js with one thread.
 * @param backend default: tfjs-node where it loads, else WebAssembly. It becomes the backend of the whole process.
 * @throws Error when no TensorFlow.js loads
 */
export async function loadFaceApi(backend?: FaceApiBackend): Promise<LoadedFaceApi> {
  if (backend !== undefined) return backend === 'wasm' ? loadOnWasm() : loadOnTfjsNode()
  const reasons: unknown[] = []
  for (const load of [loadOnTfjsNode, loadOnWasm]) {
    try {
      return await load()
    } catch (error) {
      reasons.push(error instanceof Error ? error.message.split('\n')[0] : error)
    }
  }
  throw new Error(`face-api finds no TensorFlow.js to run on: ${reasons.join('; ')}`)
}

async function loadWeights(
  { tf }: typeof FaceApi,
  name: NetworkName,
  network: Pick<FaceApi.NeuralNetwork<unknown>, 'loadFromWeightMap'>,
): Promise<void> {
  const files = await readNetworkFiles(name)
  network.loadFromWeightMap(tf.io.decodeWeights(Uint8Array.from(files.weights).buffer, tensorEntries(files)))
}

/**
 * The networks as face-api ships them: its own layers, run one by one. The reference that the compiled graphs are tested
 * against, and what the benchmarks compare with; too slow to be chosen otherwise.
 * @param backend the TensorFlow.js to run on; default: tfjs-node where it loads, else WebAssembly. It becomes the backend
 *   of the whole process, so a process uses one.
 * @throws Error when no TensorFlow.js loads, or a weight file is not right
 */
export async function loadFaceApiNetworks(backend?: FaceApiBackend): Promise<FaceNetworks> {
  const { faceApi, description } = await loadFaceApi(backend)
  const { tf } = faceApi

  const detector = new faceApi.SsdMobilenetv1()
  const tinyDetector = new faceApi.TinyFaceDetector()
  const landmarks = new faceApi.FaceLandmark68Net()
  const descriptor = new faceApi.FaceRecognitionNet()
  await loadWeights(faceApi, 'detector', detector)
  await loadWeights(faceApi, 'tinyDetector', tinyDetector)
  await loadWeights(faceApi, 'landmarks', landmarks)
  await loadWeights(faceApi, 'descriptor', descriptor)

  /** Hands a network the pixels as they are; face-api's own input would pad and resize them to one fixed side. */
  class PixelInput extends faceApi.NetInput {
    constructor(private readonly batch: FaceApi.tf.Tensor4D) {
      super([])
    }
    override toBatchTensor(): FaceApi.tf.Tensor4D {
      return this.batch
    }
  }
  const inputOf = (pixels: Float32Array, side: number, count: number) =>
    new PixelInput(tf.tensor4d(pixels.subarray(0, count * side * side * 3), [count, side, side, 3]))

  const outputLayer = detector.params?.output_layer
  if (outputLayer === undefined) throw new Error("face-api's detector did not take its weights")
  const trainedAnchors = outputLayer.extra_dim
  const anchorsBySize = new Map([[FACE_API_SIZE, trainedAnchors]])
  const trainedCorners = Float32Array.from(trainedAnchors.dataSync())

  /** face-api's own anchors at the size it works at; at others the same ones moved to that size's cells. */
  const anchorsFor = (size: number): FaceApi.tf.Tensor3D => {
    const known = anchorsBySize.get(size)
    if (known !== undefined) return known
    const corners = toCorners(makeAnchors(trainedCorners, size))
    const anchors = tf.tensor3d(corners, [1, corners.length / 4, 4])
    anchorsBySize.set(size, anchors)
    return anchors
  }

  return {
    runtime: 'face-api',
    precision: 'fp32',
    description: `face-api ${faceApi.version} on ${description}`,
    async detect(images, size, count) {
      outputLayer.extra_dim = anchorsFor(size)
      const values = (perImage: FaceApi.tf.Tensor[]) => Float32Array.from(tf.concat(perImage, 0).dataSync())
      const output = { boxes: new Float32Array(), scores: new Float32Array() }
      tf.tidy(() => {
        const { boxes, scores } = detector.forwardInput(inputOf(images, size, count))
        output.boxes = values(boxes)
        output.scores = values(scores)
      })
      return output
    },
    async detectPortraits(images, size, count) {
      const raw = tf.tidy(() => tinyDetector.forwardInput(inputOf(images, size, count), size).dataSync())
      return decodeCells(Float32Array.from(raw), count)
    },
    async landmarks(crops, count) {
      return tf.tidy(() => Float32Array.from(landmarks.runNet(inputOf(crops, LANDMARK_CROP_SIZE, count)).dataSync()))
    },
    async descriptors(chips, count) {
      return tf.tidy(() => Float32Array.from(descriptor.forwardInput(inputOf(chips, CHIP_SIZE, count)).dataSync()))
    },
    async close() {
      outputLayer.extra_dim = trainedAnchors
      for (const anchors of anchorsBySize.values()) if (anchors !== trainedAnchors) anchors.dispose()
      for (const network of [detector, tinyDetector, landmarks, descriptor]) network.dispose()
    },
  }
}

/** From cy, cx, height, width to ymin, xmin, ymax, xmax, which face-api keeps its anchors as. */
function toCorners(anchors: Float32Array): Float32Array {
  const corners = new Float32Array(anchors.length)
  for (let i = 0; i < anchors.length; i += 4) {
    const [cy, cx, height, width] = anchors.subarray(i, i + 4)
    corners.set([cy - height / 2, cx - width / 2, cy + height / 2, cx + width / 2], i)
  }
  return corners
}
