import type { FaceNetworks, RuntimeName } from './face-networks.js'
import { cachedGraph, defaultCacheFolder } from './graph-cache.js'
import { graphKeys } from './graph-key.js'
import { loadInPrecision } from './load-in-precision.js'
import { compileOnnx, type OnnxRuntime, writeOnnx } from './onnx-session.js'
import type { PrecisionChoice } from './precision.js'

export interface OnnxBackend {
  readonly runtime: RuntimeName
  /** Library and version. */
  readonly library: string
  readonly ort: OnnxRuntime
  readonly executionProviders: string[]
  /** Of one run. */
  readonly threads: number
}

/**
 * The networks on an onnxruntime, in 8 bits where that is chosen and there are ranges for the network.
 * @throws Error when int8 is asked for where it gives wrong sums, or a weight file or the ranges are not right
 */
export async function loadOnnxGraphs(backend: OnnxBackend, wanted: PrecisionChoice): Promise<FaceNetworks> {
  const { ort, executionProviders, threads } = backend
  const key = await graphKeys('onnx')
  return loadInPrecision(backend, wanted, async (source, ranges) => {
    const write = () => writeOnnx(source, ranges)
    const model = await cachedGraph(key(source, ranges), write, defaultCacheFolder())
    return compileOnnx(ort, executionProviders, model, threads)
  })
}
