import { createRequire } from 'node:module'
import type { InferenceSession } from 'onnxruntime-node'
import { decodeAnchors, makeAnchors } from '../networks/anchors.js'
import { CHIP_SIZE, writeDescriptor } from '../networks/descriptor.js'
import { writeDetector } from '../networks/detector.js'
import { LANDMARK_CROP_SIZE, writeLandmarks } from '../networks/landmarks.js'
import { toOnnx } from '../networks/onnx-writer.js'
import { loadNetworkWeights } from '../weights.js'
import type { FaceNetworks } from './face-networks.js'

/**
 * The networks on onnxruntime-node, one thread.
 * @throws Error when onnxruntime-node is not installed, its native library does not load, or a weight file is not right
 */
export async function loadOnnxNetworks(): Promise<FaceNetworks> {
  const ort = await import('onnxruntime-node')
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }

  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }
  const weights = {
    detector: await loadNetworkWeights('detector'),
    landmarks: await loadNetworkWeights('landmarks'),
    descriptor: await loadNetworkWeights('descriptor'),
  }
  const detector = await ort.InferenceSession.create(toOnnx('detector', writeDetector, weights.detector), options)
  const landmarks = await ort.InferenceSession.create(toOnnx('landmarks', writeLandmarks, weights.landmarks), options)
  const descriptor = await ort.InferenceSession.create(
    toOnnx('descriptor', writeDescriptor, weights.descriptor),
    options,
  )
  const anchorsBySize = new Map<number, Float32Array>()

  const run = async (session: InferenceSession, input: Float32Array, count: number, size: number) => {
    const values = count * size * size * 3
    const tensor = new ort.Tensor('float32', input.subarray(0, values), [count, size, size, 3])
    const output = (await session.run({ input: tensor }))[session.outputNames[0]]
    if (!(output.data instanceof Float32Array))
      throw new TypeError(`expected float32 of the network, got ${output.type}`)
    return output.data
  }

  return {
    runtime: 'onnx',
    description: `onnxruntime-node ${version}`,
    async detect(images, size, count) {
      const anchors = anchorsBySize.get(size) ?? makeAnchors(weights.detector, size)
      anchorsBySize.set(size, anchors)
      return decodeAnchors(await run(detector, images, count, size), anchors, count)
    },
    landmarks: (crops, count) => run(landmarks, crops, count, LANDMARK_CROP_SIZE),
    descriptors: (chips, count) => run(descriptor, chips, count, CHIP_SIZE),
    async close() {
      await Promise.all([detector.release(), landmarks.release(), descriptor.release()])
    },
  }
}
