import { type Anchors, decodeAnchors, makeAnchors, trainedAnchorsOf } from '../networks/anchors.js'
import { CHIP_SIZE, writeDescriptor } from '../networks/descriptor.js'
import { writeDetector } from '../networks/detector.js'
import type { GraphWriter } from '../networks/graph-writer.js'
import { LANDMARK_CROP_SIZE, writeLandmarks } from '../networks/landmarks.js'
import { decodeCells } from '../networks/tiny-cells.js'
import { writeTinyDetector } from '../networks/tiny-detector.js'
import { loadNetworkWeights, type NetworkName, type NetworkWeights } from '../weights.js'
import type { FaceNetworks } from './face-networks.js'

/** What every graph writer compiles. */
export interface GraphSource {
  readonly name: string
  /** Writes the network; a compiler that has the result already need not call it. */
  describe<Node>(writer: GraphWriter<Node>): void
}

/** One of the networks. */
export interface NetworkSource extends GraphSource {
  readonly name: NetworkName
  readonly weights: NetworkWeights
}

/** A compiled network: count x side x side x 3 floats in, the floats of its only output out. */
export interface CompiledGraph {
  run(input: Float32Array, side: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * The networks on a backend that runs compiled graphs.
 * @param backend what the networks say of themselves
 * @param compile turns a network into a graph of the backend
 * @throws Error when a weight file is not right, or what `compile` throws
 */
export async function loadGraphNetworks(
  backend: Pick<FaceNetworks, 'runtime' | 'precision' | 'description'>,
  compile: (source: NetworkSource) => Promise<CompiledGraph>,
): Promise<FaceNetworks> {
  const sources = await loadNetworkSources()
  const trainedAnchors = trainedAnchorsOf(sources.detector.weights)
  const detector = await compile(sources.detector)
  const tinyDetector = await compile(sources.tinyDetector)
  const landmarks = await compile(sources.landmarks)
  const descriptor = await compile(sources.descriptor)
  const anchorsBySize = new Map<number, Anchors>()

  return {
    ...backend,
    async detect(images, size, count) {
      const anchors = anchorsBySize.get(size) ?? makeAnchors(trainedAnchors, size)
      anchorsBySize.set(size, anchors)
      return decodeAnchors(await detector.run(images, size, count), anchors, count)
    },
    async detectPortraits(images, size, count) {
      return decodeCells(await tinyDetector.run(images, size, count), count)
    },
    landmarks: (crops, count) => landmarks.run(crops, LANDMARK_CROP_SIZE, count),
    descriptors: (chips, count) => descriptor.run(chips, CHIP_SIZE, count),
    async close() {
      await Promise.all([detector, tinyDetector, landmarks, descriptor].map((graph) => graph.close()))
    },
  }
}

/**
 * The networks with their weights, ready to be compiled.
 * @throws Error when a weight file is not right
 */
export async function loadNetworkSources(): Promise<Record<NetworkName, NetworkSource>> {
  return {
    detector: await sourceOf('detector', writeDetector),
    tinyDetector: await sourceOf('tinyDetector', writeTinyDetector),
    landmarks: await sourceOf('landmarks', writeLandmarks),
    descriptor: await sourceOf('descriptor', writeDescriptor),
  }
}

async function sourceOf(
  name: NetworkName,
  write: <Node>(writer: GraphWriter<Node>, weights: NetworkWeights) => void,
): Promise<NetworkSource> {
  const weights = await loadNetworkWeights(name)
  return { name, weights, describe: (writer) => write(writer, weights) }
}
