import { type Anchors, decodeAnchors, makeAnchors, trainedAnchorsOf } from '../networks/anchors.js'
import { CHIP_SIZE, writeDescriptor } from '../networks/descriptor.js'
import { writeDetector } from '../networks/detector.js'
import type { GraphWriter } from '../networks/graph-writer.js'
import { LANDMARK_CROP_SIZE, writeLandmarks } from '../networks/landmarks.js'
import { loadNetworkWeights, type NetworkName, type NetworkWeights } from '../weights.js'
import type { FaceNetworks, RuntimeName } from './face-networks.js'

/** What every graph writer compiles. */
export interface NetworkSource {
  readonly name: NetworkName
  /** Writes the network; a compiler that has the result already need not call it. */
  describe<Node>(writer: GraphWriter<Node>): void
}

/** A compiled network: count x side x side x 3 floats in, the floats of its only output out. */
export interface CompiledGraph {
  run(input: Float32Array, side: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * The three networks on a backend that runs compiled graphs.
 * @param compile turns a network into a graph of the backend
 * @throws Error when a weight file is not right, or what `compile` throws
 */
export async function loadGraphNetworks(
  runtime: RuntimeName,
  description: string,
  compile: (source: NetworkSource) => Promise<CompiledGraph>,
): Promise<FaceNetworks> {
  const detectorWeights = await loadNetworkWeights('detector')
  const trainedAnchors = trainedAnchorsOf(detectorWeights)
  const detector = await compile({ name: 'detector', describe: (writer) => writeDetector(writer, detectorWeights) })
  const landmarks = await compile(await sourceOf('landmarks', writeLandmarks))
  const descriptor = await compile(await sourceOf('descriptor', writeDescriptor))
  const anchorsBySize = new Map<number, Anchors>()

  return {
    runtime,
    description,
    async detect(images, size, count) {
      const anchors = anchorsBySize.get(size) ?? makeAnchors(trainedAnchors, size)
      anchorsBySize.set(size, anchors)
      return decodeAnchors(await detector.run(images, size, count), anchors, count)
    },
    landmarks: (crops, count) => landmarks.run(crops, LANDMARK_CROP_SIZE, count),
    descriptors: (chips, count) => descriptor.run(chips, CHIP_SIZE, count),
    async close() {
      await Promise.all([detector.close(), landmarks.close(), descriptor.close()])
    },
  }
}

async function sourceOf(
  name: NetworkName,
  write: <Node>(writer: GraphWriter<Node>, weights: NetworkWeights) => void,
): Promise<NetworkSource> {
  const weights = await loadNetworkWeights(name)
  return { name, describe: (writer) => write(writer, weights) }
}
