import type { ActivationRange } from '../networks/activation-ranges.js'
import type { GraphWriter } from '../networks/graph-writer.js'
import { toQuantisedSavedModel } from '../networks/quantised-tensorflow-writer.js'
import { INPUT_NODE, OUTPUT_NODE, SAVED_MODEL_TAG } from '../networks/tensorflow-proto.js'
import { toSavedModel } from '../networks/tensorflow-writer.js'
import type { FaceNetworks } from './face-networks.js'
import { cachedGraphFolder, defaultCacheFolder } from './graph-cache.js'
import { graphKeys } from './graph-key.js'
import type { CompiledGraph, GraphSource } from './graph-networks.js'
import { loadInPrecision } from './load-in-precision.js'
import type { PrecisionChoice } from './precision.js'
import { loadTfjsNode } from './tfjs-node.js'

/**
 * Whether oneDNN's convolutions are used. TensorFlow does so by itself only on CPUs with AVX-512; with AVX2 alone a pair
 * takes a third less time with them too.
 */
function useOneDnn(): void {
  if (process.arch === 'x64') process.env.TF_ENABLE_ONEDNN_OPTS ??= '1'
}

/** The input of every graph. */
const INPUT = [{ name: INPUT_NODE, dtype: 'float32' as const }]

/**
 * The networks on tfjs-node's native backend, each as one compiled graph; in 8 bits, by oneDNN's operators, where that is
 * chosen and there are ranges for the network.
 * @param cacheFolder where compiled graphs are kept between starts
 * @throws Error when tfjs-node or its native library does not load, or a weight file is not right; when int8 is asked for
 *   on a machine where it gives wrong sums or there is none
 */
export async function loadTensorFlowNetworks(
  threads = 1,
  precision: PrecisionChoice = 'auto',
  cacheFolder = defaultCacheFolder(),
): Promise<FaceNetworks> {
  useOneDnn()
  const { tf, backend, tensorflow } = loadTfjsNode(threads)
  const keys = await graphKeys('tensorflow')

  const compile = async (source: GraphSource, ranges?: readonly ActivationRange[]): Promise<CompiledGraph> => {
    const describe = (writer: GraphWriter<string>) => source.describe(writer)
    const write = () => (ranges === undefined ? toSavedModel(describe) : toQuantisedSavedModel(ranges, describe))
    const graph = await cachedGraphFolder(keys(source, ranges), write, cacheFolder)
    // What tf.node.loadSavedModel does, without decoding the whole file in JavaScript to find the names of two nodes.
    const model = backend.loadSavedModelMetaGraph(graph.folder, SAVED_MODEL_TAG)
    await graph.release()
    return {
      async run(input, side, count) {
        const tensor = tf.tensor4d(input.subarray(0, count * side * side * 3), [count, side, side, 3])
        try {
          const [output] = backend.runSavedModel(model, [tensor], INPUT, [OUTPUT_NODE])
          const data = Float32Array.from(output.dataSync())
          output.dispose()
          return data
        } finally {
          tensor.dispose()
        }
      },
      async close() {
        backend.deleteSavedModel(model)
      },
    }
  }

  const library = `tfjs-node ${tf.version['tfjs-node']} on TensorFlow ${tensorflow}`
  return loadInPrecision({ runtime: 'tensorflow', library }, precision, compile)
}
