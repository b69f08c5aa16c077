import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common'
import { toOnnx } from '../networks/onnx-writer.js'
import type { CompiledGraph, NetworkSource } from './graph-networks.js'

/** What onnxruntime-node and onnxruntime-web have in common. */
export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

/** Compiles a network for onnxruntime, native or WebAssembly: same graph, same options but for the execution provider. */
export async function compileOnnx(
  ort: OnnxRuntime,
  executionProviders: string[],
  source: NetworkSource,
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
  const session = await ort.InferenceSession.create(
    toOnnx(source.name, (writer) => source.describe(writer)),
    options,
  )
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
