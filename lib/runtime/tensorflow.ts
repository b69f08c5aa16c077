import type { Tensor } from '@tensorflow/tfjs-node'
import { SAVED_MODEL_SIGNATURE, SAVED_MODEL_TAG } from '../networks/tensorflow-proto.js'
import { toSavedModel } from '../networks/tensorflow-writer.js'
import { readWeightsManifest } from '../weights.js'
import type { FaceNetworks } from './face-networks.js'
import { cachedGraph, defaultCacheFolder } from './graph-cache.js'
import { type CompiledGraph, loadGraphNetworks, type NetworkSource } from './graph-networks.js'
import { loadTfjsNode } from './tfjs-node.js'

/** Goes up with every change of a network description or of the TensorFlow writer, so that no older graph is used. */
export const GRAPH_VERSION = 2

/**
 * Whether oneDNN's convolutions are used. TensorFlow does so by itself only on CPUs with AVX-512; with AVX2 alone a pair
 * takes a third less time with them too.
 */
function useOneDnn(): void {
  if (process.arch === 'x64') process.env.TF_ENABLE_ONEDNN_OPTS ??= '1'
}

/**
 * The networks on tfjs-node's native backend, each as one compiled graph.
 * @param cacheFolder where compiled graphs are kept between starts
 * @throws Error when tfjs-node or its native library does not load, or a weight file is not right
 */
export async function loadTensorFlowNetworks(threads = 1, cacheFolder = defaultCacheFolder()): Promise<FaceNetworks> {
  useOneDnn()
  const { tf, tensorflow } = loadTfjsNode(threads)
  const { networks } = await readWeightsManifest()

  const compile = async (source: NetworkSource): Promise<CompiledGraph> => {
    const key = `${source.name}-${networks[source.name].weights.sha256.slice(0, 16)}-${GRAPH_VERSION}`
    const write = () => toSavedModel((writer) => source.describe(writer))
    const graph = await cachedGraph(key, write, cacheFolder)
    const model = await tf.node.loadSavedModel(graph.folder, [SAVED_MODEL_TAG], SAVED_MODEL_SIGNATURE)
    await graph.release()
    return {
      async run(input, side, count) {
        const tensor = tf.tensor4d(input.subarray(0, count * side * side * 3), [count, side, side, 3])
        const output = model.predict(tensor)
        tensor.dispose()
        if (!isTensor(output)) throw new TypeError('the TensorFlow graph gave no single tensor')
        const data = Float32Array.from(output.dataSync())
        output.dispose()
        return data
      },
      async close() {
        model.dispose()
      },
    }
  }

  const description = `tfjs-node ${tf.version['tfjs-node']} on TensorFlow ${tensorflow}`
  return loadGraphNetworks({ runtime: 'tensorflow', precision: 'fp32', description }, compile)
}

function isTensor(output: object): output is Tensor {
  return 'dataSync' in output
}
