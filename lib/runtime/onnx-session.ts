import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common'
import type { ActivationRange } from '../networks/activation-ranges.js'
import type { GraphWriter } from '../networks/graph-writer.js'
import { toOnnx } from '../networks/onnx-writer.js'
import { toQuantisedOnnx } from '../networks/quantised-onnx-writer.js'
import type { CompiledGraph, GraphSource } from './graph-networks.js'

/** What onnxruntime-node and onnxruntime-web have in common. */
export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

/**
 * A network as an ONNX model.
 * @param ranges of the network's activations: with them it is computed in 8 bits
 */
export function writeOnnx(source: GraphSource, ranges?: readonly ActivationRange[]): Uint8Array {
  const describe = (writer: GraphWriter<string>) => source.describe(writer)
  return ranges === undefined ? toOnnx(source.name, describe) : toQuantisedOnnx(source.name, ranges, describe)
}

/** Compiles a model for onnxruntime, native or WebAssembly: same model, same options but for the execution provider. */
export async function compileOnnx(
  ort: OnnxRuntime,
  executionProviders: string[],
  model: Uint8Array,
  threads: number,
): Promise<CompiledGraph> {
  const options: InferenceSession.SessionOptions = {
    executionProviders,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }
  const session = await ort.InferenceSession.create(model, options)
  const [inputName] = session.inputNames
  const [outputName] = session.outputNames
  return {
    async run(input, side, count) {
      const tensor = new ort.Tensor('float32', input.subarray(0, count * side * side * 3), [count, side, side, 3])
      const output = (await session.run({ [inputName]: tensor }))[outputName]
      if (!(output.data instanceof Float32Array))
        throw new TypeError(`expected float32, the network gave ${output.type}`)
      return output.data
    },
    close: () => session.release(),
  }
}
