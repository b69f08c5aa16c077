import { PbfWriter } from 'pbf'
import {
  type Activation,
  type ConvolutionOptions,
  type GraphWriter,
  type Kernel,
  LEAK,
  type Padding,
} from './graph-writer.js'
import {
  INPUT_NODE,
  OUTPUT_NODE,
  type TensorFlowAttribute,
  type TensorFlowGraph,
  type TensorFlowNode,
  type TensorFlowTensor,
  writeSavedModel,
} from './tensorflow-proto.js'

const FLOAT: TensorFlowAttribute = { type: 'float' }
const INT32: TensorFlowAttribute = { type: 'int32' }

/** Compiles a network description to a TensorFlow graph, whose layout is the description's own. */
export class TensorFlowWriter implements GraphWriter<string> {
  private readonly nodes: TensorFlowNode[] = []
  private signatureInput?: TensorFlowGraph['input']
  private signatureOutput?: TensorFlowGraph['output']

  input(name: string, side: number | null, channels: number): string {
    const shape = [-1, side ?? -1, side ?? -1, channels]
    const node = this.node('Placeholder', [], { dtype: FLOAT, shape: { shape } }, INPUT_NODE)
    this.signatureInput = { name, node, shape }
    return node
  }

  scaleAndShift(x: string, scale: number, shift: readonly number[]): string {
    const scaled = this.float('Mul', [x, this.floats([], Float32Array.of(scale))])
    return this.float('AddV2', [scaled, this.shift(shift)])
  }

  convolution(x: string, options: ConvolutionOptions): string {
    return this.convolve('Conv2D', x, options)
  }

  depthwiseConvolution(x: string, options: ConvolutionOptions): string {
    return this.convolve('DepthwiseConv2dNative', x, options)
  }

  add(a: string, b: string, activation?: Activation): string {
    return this.activate(this.float('AddV2', [a, b]), activation)
  }

  /**
   * Not as `Relu`: TensorFlow would fuse that with the addition before it even where the sum is read elsewhere too, find
   * its own result wrong, and then leave the whole graph unfused (remapper of TensorFlow 2.21, "fanout exist for missing
   * node").
   */
  relu(x: string): string {
    return this.float('Maximum', [x, this.floats([], Float32Array.of(0))])
  }

  maxPool(x: string, window: number, stride: number, padding: Padding = 'valid'): string {
    return this.pool('MaxPool', x, window, stride, padding)
  }

  averagePool(x: string, window: number, stride: number): string {
    return this.pool('AvgPool', x, window, stride, 'valid')
  }

  padEnd(x: string, rowsAndColumns: number, channels: number): string {
    if (rowsAndColumns === 0 && channels === 0) return x
    const amounts = this.integers([4, 2], [0, 0, 0, rowsAndColumns, 0, rowsAndColumns, 0, channels])
    return this.float('Pad', [x, amounts], { Tpaddings: INT32 })
  }

  globalAverage(x: string): string {
    return this.float('Mean', [x, this.integers([2], [1, 2])], { Tidx: INT32 })
  }

  fullyConnected(x: string, weights: Kernel, bias?: Float32Array): string {
    const product = this.float('MatMul', [x, this.floats(weights.shape, weights.data)])
    return bias === undefined ? product : this.float('BiasAdd', [product, this.floats([bias.length], bias)])
  }

  concatenateRows(maps: readonly string[], length: number): string {
    const shape = this.float('Shape', [maps[0]], { out_type: INT32 })
    const slice = [shape, this.integers([1], [0]), this.integers([1], [1])]
    const batch = this.node('Slice', slice, { T: INT32, Index: INT32 })
    const rowShape = this.concatenate([batch, this.integers([2], [-1, length])], 0, INT32)
    const rows = maps.map((map) => this.float('Reshape', [map, rowShape], { Tshape: INT32 }))
    return this.concatenate(rows, 1, FLOAT)
  }

  output(name: string, x: string): void {
    this.signatureOutput = { name, node: this.node('Identity', [x], { T: FLOAT }, OUTPUT_NODE) }
  }

  finish(): Uint8Array {
    const { nodes, signatureInput: input, signatureOutput: output } = this
    if (input === undefined || output === undefined) throw new Error('the network has no input or no output')
    const pbf = new PbfWriter()
    writeSavedModel({ nodes, input, output }, pbf)
    return pbf.finish()
  }

  /**
   * A number where all channels have the same; else one for every cell of the image, as spreading a handful of numbers
   * over an image takes several times as long as adding two images.
   */
  private shift(channels: readonly number[]): string {
    if (channels.every((value) => value === channels[0])) return this.floats([], Float32Array.of(channels[0]))
    const [, ...image] = this.signatureInput?.shape ?? []
    const shape = image.includes(-1) ? [channels.length] : image
    const length = shape.reduce((product, size) => product * size, 1)
    return this.floats(
      shape,
      Float32Array.from({ length }, (_, i) => channels[i % channels.length]),
    )
  }

  private convolve(operator: string, x: string, options: ConvolutionOptions): string {
    const { kernel, bias, stride, padding, activation } = options
    const convolved = this.float(operator, [x, this.floats(kernel.shape, kernel.data)], {
      strides: [1, stride, stride, 1],
      padding: padding.toUpperCase(),
    })
    const biased = bias === undefined ? convolved : this.float('BiasAdd', [convolved, this.floats([bias.length], bias)])
    return this.activate(biased, activation)
  }

  private activate(x: string, activation: Activation | undefined): string {
    if (activation === undefined) return x
    if (activation === 'leakyRelu') {
      return this.float('Maximum', [x, this.float('Mul', [x, this.floats([], Float32Array.of(LEAK))])])
    }
    return this.float(activation === 'relu' ? 'Relu' : 'Relu6', [x])
  }

  private pool(operator: string, x: string, window: number, stride: number, padding: Padding): string {
    return this.float(operator, [x], {
      ksize: [1, window, window, 1],
      strides: [1, stride, stride, 1],
      padding: padding.toUpperCase(),
    })
  }

  private concatenate(parts: readonly string[], axis: number, type: TensorFlowAttribute): string {
    if (parts.length === 1) return parts[0] // the operator takes two or more
    const inputs = [...parts, this.integers([], [axis])]
    return this.node('ConcatV2', inputs, { N: parts.length, T: type, Tidx: INT32 })
  }

  protected floats(shape: readonly number[], data: Float32Array): string {
    return this.constant({ shape, data }, FLOAT)
  }

  protected integers(shape: readonly number[], values: readonly number[]): string {
    return this.constant({ shape, data: Int32Array.from(values) }, INT32)
  }

  protected constant(tensor: TensorFlowTensor, dtype: TensorFlowAttribute): string {
    return this.node('Const', [], { dtype, value: { tensor } })
  }

  /** An operator on float32. */
  private float(operator: string, inputs: string[], attributes: Record<string, TensorFlowAttribute> = {}): string {
    return this.node(operator, inputs, { T: FLOAT, ...attributes })
  }

  protected node(
    operator: string,
    inputs: string[],
    attributes: Record<string, TensorFlowAttribute>,
    name = `${operator.replace(/^_/, '')}_${this.nodes.length}`, // a name may not begin with an underscore
  ): string {
    this.nodes.push({ name, operator, inputs, attributes })
    return name
  }
}

/** A network as the content of a `saved_model.pb`: weights as constants, one signature, any batch size. */
export function toSavedModel(describe: (writer: GraphWriter<string>) => void): Uint8Array {
  const writer = new TensorFlowWriter()
  describe(writer)
  return writer.finish()
}
