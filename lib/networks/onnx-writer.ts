import { PbfWriter } from 'pbf'
import {
  type Activation,
  type ConvolutionOptions,
  type GraphWriter,
  type Kernel,
  LEAK,
  type Padding,
} from './graph-writer.js'
import { type OnnxAttribute, type OnnxNode, type OnnxTensor, type OnnxValue, writeOnnxModel } from './onnx-proto.js'

/** Height x width x input x output -> output x input x height x width. */
function toChannelsFirst({ shape, data }: Kernel): Float32Array {
  const [height, width, inputs, outputs] = shape
  const cells = height * width
  const result = new Float32Array(data.length)
  for (let cell = 0; cell < cells; cell++) {
    for (let input = 0; input < inputs; input++) {
      const from = (cell * inputs + input) * outputs
      for (let output = 0; output < outputs; output++) {
        result[(output * inputs + input) * cells + cell] = data[from + output]
      }
    }
  }
  return result
}

/** What a convolution is fed with beside its filters. */
export type ConvolutionInputs = Pick<ConvolutionOptions, 'bias' | 'inFloats'>

/**
 * Compiles a network description to ONNX. Inside, channels come first: transposes stand at the input and the outputs.
 * Writers that treat activations or kernels in a way of their own override `activation` and `convolutionInputs`.
 */
export class OnnxWriter implements GraphWriter<string> {
  private readonly nodes: OnnxNode[] = []
  private readonly initializers: OnnxTensor[] = []
  private readonly inputs: OnnxValue[] = []
  protected readonly outputs: OnnxValue[] = []

  constructor(private readonly name: string) {}

  input(name: string, side: number | null, channels: number): string {
    this.inputs.push({ name, dims: ['batch', side ?? 'height', side ?? 'width', channels] })
    return this.node('Transpose', [name], { perm: [0, 3, 1, 2] })
  }

  scaleAndShift(x: string, scale: number, shift: readonly number[]): string {
    const scaled = this.node('Mul', [x, this.floats([1], Float32Array.of(scale))])
    return this.node('Add', [scaled, this.floats([1, shift.length, 1, 1], Float32Array.from(shift))])
  }

  convolution(x: string, options: ConvolutionOptions): string {
    const [height, width, inputs, outputs] = options.kernel.shape
    const filters = toChannelsFirst(options.kernel)
    return this.finishConvolution(this.convolve(x, options, [outputs, inputs, height, width], filters, 1), options)
  }

  depthwiseConvolution(x: string, options: ConvolutionOptions): string {
    const [height, width, channels] = options.kernel.shape
    const filters = toChannelsFirst({ shape: [height, width, 1, channels], data: options.kernel.data })
    return this.finishConvolution(this.convolve(x, options, [channels, 1, height, width], filters, channels), options)
  }

  add(a: string, b: string, activation?: Activation): string {
    return this.activation(this.activate(this.node('Add', [a, b]), activation), a, b)
  }

  relu(x: string): string {
    return this.activation(this.node('Relu', [x]), x)
  }

  maxPool(x: string, window: number, stride: number, padding: Padding = 'valid'): string {
    return this.pool('MaxPool', x, window, stride, padding)
  }

  averagePool(x: string, window: number, stride: number, _channels: number): string {
    return this.pool('AveragePool', x, window, stride, 'valid')
  }

  padEnd(x: string, rowsAndColumns: number, channels: number): string {
    if (rowsAndColumns === 0 && channels === 0) return x
    return this.pad(x, rowsAndColumns, channels)
  }

  globalAverage(x: string): string {
    return this.node('Flatten', [this.node('GlobalAveragePool', [x])], { axis: 1 })
  }

  fullyConnected(x: string, weights: Kernel, bias?: Float32Array): string {
    const inputs = [x, this.floats(weights.shape, weights.data)]
    if (bias !== undefined) inputs.push(this.floats([bias.length], bias))
    return this.node('Gemm', inputs)
  }

  concatenateRows(maps: readonly string[], length: number): string {
    const rows = maps.map((map) => {
      const channelsLast = this.node('Transpose', [map], { perm: [0, 2, 3, 1] })
      return this.node('Reshape', [channelsLast, this.integers([0, -1, length])])
    })
    return this.node('Concat', rows, { axis: 1 })
  }

  output(name: string, x: string): void {
    this.nodes.push({ operator: 'Identity', inputs: [x], output: name })
    this.outputs.push({ name })
  }

  finish(): Uint8Array {
    const pbf = new PbfWriter()
    const { name, inputs, outputs } = this
    const nodes = this.nodesThatCount()
    const read = new Set(nodes.flatMap((node) => node.inputs))
    const initializers = this.initializers.filter((tensor) => read.has(tensor.name))
    writeOnnxModel({ name, nodes, initializers, inputs, outputs }, pbf)
    return pbf.finish()
  }

  /** Without those whose results nobody reads; the runtime would compute them. */
  private nodesThatCount(): OnnxNode[] {
    const read = new Set(this.outputs.map(({ name }) => name))
    const count = (node: OnnxNode) => {
      if (!read.has(node.output)) return false
      for (const input of node.inputs) read.add(input)
      return true
    }
    return this.nodes.toReversed().filter(count).toReversed()
  }

  /**
   * Called with every activation (what a convolution, an addition, a relu gives); what it returns is read in its place.
   * @param operands of an addition or a relu
   */
  protected activation(x: string, ..._operands: string[]): string {
    return x
  }

  /**
   * Called with what a pool gives; what it returns is read in its place.
   * @param source the activation whose values it pools
   */
  protected pooled(x: string, _source: string): string {
    return x
  }

  /** The inputs of a convolution. `filters` are of `shape`: outputs, inputs, height, width. */
  protected convolutionInputs(x: string, shape: number[], filters: Float32Array, options: ConvolutionInputs): string[] {
    const inputs = [x, this.floats(shape, filters)]
    if (options.bias !== undefined) inputs.push(this.floats([options.bias.length], options.bias))
    return inputs
  }

  /** A convolution whose result nothing has been done to. */
  protected convolve(x: string, o: ConvolutionOptions, shape: number[], filters: Float32Array, group: number): string {
    return this.node('Conv', this.convolutionInputs(x, shape, filters, o), {
      kernel_shape: shape.slice(2),
      strides: [o.stride, o.stride],
      group,
      auto_pad: autoPad(o.padding),
    })
  }

  private finishConvolution(convolved: string, { activation, inFloats }: ConvolutionOptions): string {
    const activated = this.activate(convolved, activation)
    return inFloats ? activated : this.activation(activated)
  }

  /** @param value name of the constant that is added; default: zeros */
  protected pad(x: string, rowsAndColumns: number, channels: number, ...value: string[]): string {
    const amounts = this.integers([0, 0, 0, 0, 0, channels, rowsAndColumns, rowsAndColumns])
    return this.node('Pad', [x, amounts, ...value])
  }

  private pool(operator: string, x: string, window: number, stride: number, padding: Padding): string {
    const attributes = { kernel_shape: [window, window], strides: [stride, stride], auto_pad: autoPad(padding) }
    return this.pooled(this.node(operator, [x], attributes), x)
  }

  private activate(x: string, activation: Activation | undefined): string {
    if (activation === undefined) return x
    if (activation === 'relu') return this.node('Relu', [x])
    if (activation === 'leakyRelu') return this.node('LeakyRelu', [x], { alpha: { float: LEAK } })
    return this.node('Clip', [x, this.floats([], Float32Array.of(0)), this.floats([], Float32Array.of(6))])
  }

  protected node(operator: string, inputs: string[], attributes?: Record<string, OnnxAttribute>): string {
    const output = `${operator}_${this.nodes.length}`
    this.nodes.push({ operator, inputs, output, attributes })
    return output
  }

  protected constant(dims: readonly number[], data: OnnxTensor['data']): string {
    const name = `constant_${this.initializers.length}`
    this.initializers.push({ name, dims, data })
    return name
  }

  private floats(dims: readonly number[], data: Float32Array): string {
    return this.constant(dims, data)
  }

  protected integers(values: readonly number[]): string {
    return this.constant([values.length], BigInt64Array.from(values, BigInt))
  }
}

function autoPad(padding: Padding): string {
  return padding === 'same' ? 'SAME_UPPER' : 'VALID'
}

/**
 * A network as an ONNX model, in memory.
 * @param name the graph's name, for messages of the runtime
 * @param describe writes the network
 */
export function toOnnx(name: string, describe: (writer: GraphWriter<string>) => void): Uint8Array {
  const writer = new OnnxWriter(name)
  describe(writer)
  return writer.finish()
}
