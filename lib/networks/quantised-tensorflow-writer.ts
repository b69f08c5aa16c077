import { type ActivationRange, RangesInOrder } from './activation-ranges.js'
import type { Activation, ConvolutionOptions, GraphWriter, Padding } from './graph-writer.js'
import { CONVOLUTION, DEPTHWISE, TensorFlowByteWriter } from './tensorflow-byte-writer.js'
import { type Bytes, bytesOf } from './tensorflow-bytes.js'
import type { TensorFlowAttribute } from './tensorflow-proto.js'

const MOST_PIXEL = 255

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
 */
class QuantisedTensorFlowWriter extends TensorFlowByteWriter {
  private readonly open = new Map<string, OpenConvolution>()
  /** The floats that bytes were made of, where they are there anyway. */
  private readonly unrounded = new Map<string, string>()
  /** Who reads a node so far. */
  private readonly readers = new Map<string, string[]>()

  constructor(private readonly ranges: RangesInOrder) {
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
      return this.quantise(super.convolution(this.asFloats(x), options), this.ranges.next())
    }
    const result = bytesOf(this.ranges.next(), options.activation)
    if (options.activation !== undefined) return this.convolveBytes(CONVOLUTION, this.asBytes(x), options, result)
    const name = `open_${this.open.size}`
    this.open.set(name, { x, options, result })
    return name
  }

  override depthwiseConvolution(x: string, options: ConvolutionOptions): string {
    if (options.inFloats) return super.depthwiseConvolution(this.asFloats(x), options)
    if (!this.takesBytes(x, options)) {
      return this.quantise(super.depthwiseConvolution(this.asFloats(x), options), this.ranges.next())
    }
    const result = bytesOf(this.ranges.next(), options.activation)
    return this.convolveBytes(DEPTHWISE, this.asBytes(x), options, result)
  }

  /** With relu the sum of a convolution and an activation becomes part of the convolution. */
  override add(a: string, b: string, activation?: Activation): string {
    const range = this.ranges.next()
    if (!this.isBytes(a) && !this.isBytes(b)) return super.add(a, b, activation)
    const [last, summand] = this.open.has(a) ? [a, b] : [b, a]
    const open = this.open.get(last)
    const summandBytes = this.bytes.get(summand)
    const isFusible = open !== undefined && isFused(activation) && this.isOverwritable(summand, open)
    if (isFusible && summandBytes?.type === 'quint8') {
      const result = bytesOf(range, activation)
      this.bytes.delete(summand)
      return this.convolveBytes(CONVOLUTION, this.asBytes(open.x), open.options, result, {
        node: summand,
        ...summandBytes,
      })
    }
    return this.quantise(super.add(this.asFloats(a), this.asFloats(b), activation), range)
  }

  override relu(x: string): string {
    const range = this.ranges.next()
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
    return this.padBytes(this.asBytes(x), rowsAndColumns, channels)
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
    this.ranges.finish()
    return super.finish()
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
    return this.dequantise(this.asBytes(x))
  }

  /** The node itself, or that of a convolution which is written now. */
  private asBytes(x: string): string {
    const open = this.open.get(x)
    if (open === undefined) return x
    open.node ??= this.convolveBytes(CONVOLUTION, this.asBytes(open.x), open.options, open.result)
    return open.node
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
  const writer = new QuantisedTensorFlowWriter(new RangesInOrder(ranges))
  describe(writer)
  return writer.finish()
}
