import type { GraphWriter } from './graph-writer.js'
import { OnnxWriter } from './onnx-writer.js'

/** Compiles a network description to ONNX so that its activations can be seen from outside. */
class ObservedOnnxWriter extends OnnxWriter {
  readonly activations: string[] = []

  protected override activation(x: string): string {
    this.activations.push(x)
    this.outputs.push({ name: x })
    return x
  }
}

export interface ObservedModel {
  readonly model: Uint8Array
  /** Names of the outputs that are activations, in the order in which the description gives them. */
  readonly activations: readonly string[]
}

/** A network as an ONNX model that gives its activations beside its answer: what ranges are measured with. */
export function toObservedOnnx(name: string, describe: (writer: GraphWriter<string>) => void): ObservedModel {
  const writer = new ObservedOnnxWriter(name)
  describe(writer)
  return { model: writer.finish(), activations: writer.activations }
}
