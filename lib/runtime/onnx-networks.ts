import { type ActivationRange, readActivationRanges } from '../networks/activation-ranges.js'
import type { FaceNetworks, RuntimeName } from './face-networks.js'
import { type GraphSource, loadGraphNetworks } from './graph-networks.js'
import { compileOnnx, type OnnxRuntime } from './onnx-session.js'
import { choosePrecision, type PrecisionChoice } from './precision.js'

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
  const { runtime, library, ort, executionProviders, threads } = backend
  const compile = (source: GraphSource, ranges?: readonly ActivationRange[]) =>
    compileOnnx(ort, executionProviders, source, threads, ranges)
  const { precision, description } = await choosePrecision(wanted, compile)
  const known = precision === 'int8' ? (await readActivationRanges()).networks : undefined
  return loadGraphNetworks({ runtime, precision, description: `${library}, ${description}` }, (source) =>
    compile(source, known?.[source.name]?.ranges),
  )
}
