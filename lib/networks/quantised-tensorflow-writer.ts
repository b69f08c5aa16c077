import type { ActivationRange } from './activation-ranges.js'
import type { Activation, ConvolutionOptions, GraphWriter, Padding } from './graph-writer.js'
import { type Bytes, bytesOf, quantiseWeights } from './tensorflow-bytes.js'
import type { TensorFlowAttribute, TensorFlowType } from './tensorflow-proto.js'
import { TensorFlowWriter } from './tensorflow-writer.js'

const MOST_PIXEL = 255
const CONVOLUTION = '_FusedQuantizedConv2D'
const DEPTHWISE = '_FusedQuantizedDepthwiseConv2D'

/** A convolution without activation, written only when it is known what becomes of it. */
interface OpenConvolution {
  readonly x: string
  readonly options: ConvolutionOptions
  readonly result: Bytes
  /** Set when it has been written. */
  node?: string
}

/**
 * Compiles a network description to a TensorFlow graph of 8-bit integers, from oneDNN's fused operators: a convolution,
 * its bias, an addition, relu and the rounding to the next 8 bits are one node. There is one step for all values of an
 * activation, one for each output channel of a kernel; biases and the network's answer are float32.
 * Source: tensorflow/core/kernels/mkl/mkl_conv_ops.cc and its test, `_FusedQuantizedConv2D`.
 */
class QuantisedTensorFlowWriter extends TensorFlowWriter {
  private next = 0
  private readonly bytes = new Map<string, Bytes>()
  private readonly open = new Map<string, OpenConvolution>()
  /** The floats that bytes were made of, where they are there anyway. */
  private readonly unrounded = new Map<string, string>()
  /** Who reads a node so far. */
  private readonly readers = new Map<string, string[]>()

  constructor(private readonly ranges: readonly ActivationRange[]) {
    super()
  }

  /** Pixels are 0 to 255, so what becomes of them has a known range. */
  override scaleAndShift(x: string, scale: number, shift: readonly number[]): string {
    const range: ActivationRange = [Math.min(...shift), MOST_PIXEL * scale + Math.max(...shift)]
    const pixels = super.scaleAndShift(x, scale, shift)
    const rounded = this.quantise(pixels, range)
    this.unrounded.set(rounded, pixels)
    return rounded
  }

  override convolution(x: string, options: ConvolutionOptions): string {
    if (options.inFloats) return super.convolution(this.asFloats(x), options)
    if (!this.takesBytes(x, options)) {
      return this.quantise(super.convolution(this.asFloats(x), options), this.nextRange())
    }
    const result = bytesOf(this.nextRange(), options.activation)
    if (options.activation !== undefined) return this.convolveBytes(CONVOLUTION, x, options, result)
    const name = `open_${this.open.size}`
    this.open.set(name, { x, options, result })
    return name
  }

  override depthwiseConvolution(x: string, options: ConvolutionOptions): string {
    if (options.inFloats) return super.depthwiseConvolution(this.asFloats(x), options)
    if (!this.takesBytes(x, options)) {
      return this.quantise(super.depthwiseConvolution(this.asFloats(x), options), this.nextRange())
    }
    const result = bytesOf(this.nextRange(), options.activation)
    return this.convolveBytes(DEPTHWISE, x, options, result)
  }

  /** With relu the sum of a convolution and an activation becomes part of the convolution. */
  override add(a: string, b: string, activation?: Activation): string {
    const range = this.nextRange()
    if (!this.isBytes(a) && !this.isBytes(b)) return super.add(a, b, activation)
    const [last, summand] = this.open.has(a) ? [a, b] : [b, a]
    const open = this.open.get(last)
    const summandBytes = this.bytes.get(summand)
    const isFusible = open !== undefined && isFused(activation) && this.isOverwritable(summand, open)
    if (isFusible && summandBytes?.type === 'quint8') {
      const result = bytesOf(range, activation)
      this.bytes.delete(summand)
      return this.convolveBytes(CONVOLUTION, open.x, open.options, result, { node: summand, ...summandBytes })
    }
    return this.quantise(super.add(this.asFloats(a), this.asFloats(b), activation), range)
  }

  override relu(x: string): string {
    const range = this.nextRange()
    return this.isBytes(x) ? this.quantise(super.relu(this.asFloats(x)), range) : super.relu(x)
  }

  override maxPool(x: string, window: number, stride: number, padding: Padding = 'valid'): string {
    if (!this.isBytes(x)) return super.maxPool(x, window, stride, padding)
    return this.poolBytes('QuantizedMaxPool', this.asBytes(x), window, stride, padding)
  }

  override averagePool(x: string, window: number, stride: number): string {
    if (!this.isBytes(x)) return super.averagePool(x, window, stride)
    return this.poolBytes('QuantizedAvgPool', this.asBytes(x), window, stride, 'valid')
  }

  override padEnd(x: string, rowsAndColumns: number, channels: number): string {
    if (!this.isBytes(x) || (rowsAndColumns === 0 && channels === 0)) return super.padEnd(x, rowsAndColumns, channels)
    const node = this.asBytes(x)
    const bytes = this.bytesAt(node)
    const plain = this.bitcast(node, bytes.type, 'uint8')
    const amounts = this.integers([4, 2], [0, 0, 0, rowsAndColumns, 0, rowsAndColumns, 0, channels])
    const padded = this.node('Pad', [plain, amounts], { T: { type: 'uint8' }, Tpaddings: { type: 'int32' } })
    return this.remember(this.bitcast(padded, 'uint8', bytes.type), bytes)
  }

  override globalAverage(x: string): string {
    return super.globalAverage(this.asFloats(x))
  }

  override concatenateRows(maps: readonly string[], length: number): string {
    return super.concatenateRows(
      maps.map((map) => this.asFloats(map)),
      length,
    )
  }

  override output(name: string, x: string): void {
    super.output(name, this.asFloats(x))
  }

  override finish(): Uint8Array {
    if (this.next !== this.ranges.length) throw new RangeError('there are more ranges than the network has activations')
    return super.finish()
  }

  private convolveBytes(
    operator: string,
    x: string,
    { kernel, bias, stride, padding, activation }: ConvolutionOptions,
    result: Bytes,
    summand?: Bytes & { node: string },
  ): string {
    const node = this.asBytes(x)
    const input = this.bytesAt(node)
    const [, , inputs, outputs] = kernel.shape
    const channels = operator === DEPTHWISE ? inputs : outputs
    const { weights, most } = quantiseWeights(kernel.data, channels)
    const operands: [string, TensorFlowType][] = [
      [node, input.type],
      [this.weights(kernel.shape, weights), 'qint8'],
      [this.floats([channels], bias ?? new Float32Array(channels)), 'float'],
    ]
    if (summand !== undefined) operands.push([summand.node, summand.type])
    const limits = [
      ...this.limits(input),
      this.floats(
        [channels],
        most.map((value) => -value),
      ),
      this.floats([channels], most),
      ...(summand === undefined ? [] : this.limits(summand)),
      ...this.limits(result),
    ]
    const fused = ['BiasAdd', ...(summand ? ['Sum'] : []), ...(activation || summand ? ['Relu'] : []), 'Requantize']
    const types = [...operands.map(([, type]) => type), ...limits.map(() => 'float' as const)]
    const convolved = this.node(operator, [...operands.map(([operand]) => operand), ...limits], {
      Tinput: { type: input.type },
      Tfilter: { type: 'qint8' },
      Tbias: { type: 'float' },
      Tsummand: { type: summand?.type ?? result.type },
      out_type: { type: result.type },
      Thost_inputs: { types },
      Thost_outputs: { types: [result.type, 'float', 'float'] },
      strides: [1, stride, stride, 1],
      padding: padding.toUpperCase(),
      fused_ops: { strings: fused },
      is_filter_const: true,
      is_bias_const: true,
    })
    return this.remember(convolved, result)
  }

  /**
   * Not a constant of type qint8: the optimiser of TensorFlow 2.21 writes those as text and reads them again, several times,
   * which takes a second at start. The placeholder keeps it from making one; that they are constant, the convolution is told.
   */
  private weights(shape: readonly number[], data: Int8Array): string {
    const constant = this.constant({ shape, data }, { type: 'int8' })
    const attributes = { dtype: { type: 'int8' as const }, shape: { shape } }
    return this.bitcast(this.node('PlaceholderWithDefault', [constant], attributes), 'int8', 'qint8')
  }

  private poolBytes(operator: string, x: string, window: number, stride: number, padding: Padding): string {
    const bytes = this.bytesAt(x)
    const attributes: Record<string, TensorFlowAttribute> = {
      T: { type: bytes.type },
      ksize: [1, window, window, 1],
      strides: [1, stride, stride, 1],
      padding: padding.toUpperCase(),
    }
    return this.remember(this.node(operator, [x, ...this.limits(bytes)], attributes), bytes)
  }

  /** Rounds halves to even, as oneDNN does: TensorFlow leaves only that to oneDNN, which takes a tenth of the time. */
  private quantise(x: string, range: ActivationRange): string {
    const bytes = bytesOf(range)
    const attributes = { T: { type: bytes.type }, mode: 'SCALED', round_mode: 'HALF_TO_EVEN' }
    return this.remember(this.node('QuantizeV2', [x, ...this.limits(bytes)], attributes), bytes)
  }

  /**
   * A fused convolution writes over its summand, and crashes where that is in use. So nobody else may read it, but what
   * the convolution itself waits for; whoever comes later finds no bytes.
   */
  private isOverwritable(summand: string, { x, node }: OpenConvolution): boolean {
    if (node !== undefined || x === summand) return false
    return (this.readers.get(summand) ?? []).every((reader) => reader === x)
  }

  protected override node(
    operator: string,
    inputs: string[],
    attributes: Record<string, TensorFlowAttribute>,
    name?: string,
  ): string {
    const node = super.node(operator, inputs, attributes, name)
    for (const input of inputs) this.readers.set(input, [...(this.readers.get(input) ?? []), node])
    return node
  }

  /** False for a convolution of floats, and for one with an activation that oneDNN does not know: those are computed in floats. */
  private takesBytes(x: string, { activation }: ConvolutionOptions): boolean {
    return this.isBytes(x) && (activation === undefined || isFused(activation))
  }

  private isBytes(x: string): boolean {
    return this.bytes.has(x) || this.open.has(x)
  }

  private asFloats(x: string): string {
    if (!this.isBytes(x)) return x
    const unrounded = this.unrounded.get(x)
    if (unrounded !== undefined) return unrounded
    const node = this.asBytes(x)
    const bytes = this.bytesAt(node)
    return this.node('Dequantize', [node, ...this.limits(bytes)], { T: { type: bytes.type }, mode: 'SCALED' })
  }

  /** The node itself, or that of a convolution which is written now. */
  private asBytes(x: string): string {
    const open = this.open.get(x)
    if (open === undefined) return x
    open.node ??= this.convolveBytes(CONVOLUTION, open.x, open.options, open.result)
    return open.node
  }

  private bytesAt(node: string): Bytes {
    const bytes = this.bytes.get(node)
    if (bytes === undefined) throw new TypeError(`${node} is not in 8 bits`)
    return bytes
  }

  private remember(node: string, bytes: Bytes): string {
    this.bytes.set(node, bytes)
    return node
  }

  private nextRange(): ActivationRange {
    const range = this.ranges[this.next++]
    if (range === undefined) throw new RangeError('the network has more activations than there are ranges')
    return range
  }

  private limits({ type, most }: Bytes): string[] {
    return [type === 'qint8' ? -most : 0, most].map((value) => this.floats([], Float32Array.of(value)))
  }

  private bitcast(x: string, from: TensorFlowType, to: TensorFlowType): string {
    return this.node('Bitcast', [x], { T: { type: from }, type: { type: to } })
  }
}

/** Whether oneDNN does it to the bytes of a convolution. */
function isFused(activation: Activation | undefined): boolean {
  return activation === 'relu' || activation === 'relu6'
}

/**
 * A network as the content of a `saved_model.pb` that computes in 8-bit integers.
 * @param ranges of the network's activations, in the order in which the description gives them
 * @param describe writes the network
 * @throws RangeError when the ranges are not those of this network
 */
export function toQuantisedSavedModel(
  ranges: readonly ActivationRange[],
  describe: (writer: GraphWriter<string>) => void,
): Uint8Array {
  const writer = new QuantisedTensorFlowWriter(ranges)
  describe(writer)
  return writer.finish()
}
