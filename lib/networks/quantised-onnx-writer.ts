import { type ActivationRange, RangesInOrder } from './activation-ranges.js'
import { foldKernel, foldsInTwo } from './folded-pixels.js'
import type { ConvolutionOptions, GraphWriter } from './graph-writer.js'
import { type ConvolutionInputs, OnnxWriter } from './onnx-writer.js'

/** Largest number of an 8-bit activation, and of a pixel. */
const MOST_UNSIGNED = 255
/** Largest number of an 8-bit weight; -128 is left out, so that a weight and its negative are alike. */
const MOST_SIGNED = 127
/** A bias, counted in steps of the sums it is added to, must leave 32 bits room for those sums. */
const MOST_BIAS = 2 ** 29

/** An activation in 8 bits: value = (byte - zero) x step, and for some a shift for each channel. */
interface Bytes {
  /** The node that gives the bytes themselves. */
  readonly quantised: string
  readonly step: number
  readonly zero: number
  /** Added to the value of each channel by the convolution that reads it. */
  readonly shift?: readonly number[]
}

/** The network's input. */
interface Image {
  readonly name: string
  readonly side: number | null
  readonly channels: number
}

/** What is to be done to the input before it is read. */
interface Pixels {
  readonly node: string
  readonly scale: number
  readonly shift: readonly number[]
}

/**
 * Compiles a network description to ONNX in 8 bits: after every activation stands QuantizeLinear and DequantizeLinear,
 * from which onnxruntime makes convolutions and additions of integers. Activations are unsigned, with one step for all;
 * weights are signed, with a step for each output channel; a bias has 32 bits. What is made of floats alone stays in
 * floats, and so does the network's answer.
 * Source of the scheme: Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference", 2018.
 */
class QuantisedOnnxWriter extends OnnxWriter {
  private readonly bytes = new Map<string, Bytes>()
  private image?: Image
  private pixels?: Pixels

  constructor(
    name: string,
    private readonly ranges: RangesInOrder,
  ) {
    super(name)
  }

  override input(name: string, side: number | null, channels: number): string {
    this.image = { name, side, channels }
    return super.input(name, side, channels)
  }

  /** Left to the convolution that reads it. */
  override scaleAndShift(x: string, scale: number, shift: readonly number[]): string {
    this.pixels = { node: x, scale, shift }
    return x
  }

  override convolution(x: string, options: ConvolutionOptions): string {
    const { image, pixels } = this
    if (image === undefined || pixels === undefined || x !== pixels.node) return super.convolution(x, options)
    if (options.inFloats) return super.convolution(super.scaleAndShift(x, pixels.scale, pixels.shift), options)
    if (!foldsInTwo(image.side, options)) return super.convolution(this.pixelBytes(x, pixels), options)
    const half = image.side / 2
    const shift = [0, 1, 2, 3].flatMap(() => pixels.shift)
    const cells = this.pixelBytes(image.name, { ...pixels, shift }, (bytes) =>
      this.foldInTwo(bytes, half, image.channels),
    )
    return super.convolution(cells, { ...options, kernel: foldKernel(options.kernel), stride: 1 })
  }

  /** As a convolution, which takes a quarter of the time. */
  override averagePool(x: string, window: number, stride: number, channels: number): string {
    if (!this.bytes.has(x)) return super.averagePool(x, window, stride, channels)
    const shape = [channels, 1, window, window]
    const shares = new Float32Array(channels * window * window).fill(1 / (window * window))
    const options: ConvolutionOptions = { kernel: { shape, data: shares }, stride, padding: 'valid' }
    return this.pooled(this.convolve(x, options, shape, shares, channels), x)
  }

  override padEnd(x: string, rowsAndColumns: number, channels: number): string {
    const bytes = this.bytes.get(x)
    if (bytes === undefined || (rowsAndColumns === 0 && channels === 0))
      return super.padEnd(x, rowsAndColumns, channels)
    const zero = this.constant([], Uint8Array.of(bytes.zero))
    return this.dequantise({ ...bytes, quantised: this.pad(bytes.quantised, rowsAndColumns, channels, zero) })
  }

  protected override activation(x: string, ...operands: string[]): string {
    const range = this.ranges.next()
    const ofFloats = operands.length > 0 && !operands.some((operand) => this.bytes.has(operand))
    return ofFloats ? x : this.round(x, stepsOf(range))
  }

  /** What is pooled has the range of what it was pooled from. */
  protected override pooled(x: string, source: string): string {
    const bytes = this.bytes.get(source)
    return bytes === undefined ? x : this.round(x, bytes)
  }

  protected override convolutionInputs(x: string, shape: number[], filters: Float32Array, options: ConvolutionInputs) {
    const input = this.bytes.get(x)
    if (input === undefined || options.inFloats) return super.convolutionInputs(x, shape, filters, options)
    const [outputs] = shape
    const length = filters.length / outputs
    const steps = new Float32Array(outputs)
    const sumSteps = new Float32Array(outputs)
    const weights = new Int8Array(filters.length)
    const sums = new Int32Array(outputs)
    for (let output = 0; output < outputs; output++) {
      const filter = filters.subarray(output * length, (output + 1) * length)
      const sum = (options.bias?.[output] ?? 0) + shiftedSum(filter, input.shift)
      const step = Math.max(largest(filter) / MOST_SIGNED, Math.abs(sum) / MOST_BIAS / input.step) || 1
      // Math.round is many times slower, and there are millions of weights.
      for (let i = 0; i < length; i++) weights[output * length + i] = Math.floor(filter[i] / step + 0.5)
      steps[output] = step
      sumSteps[output] = step * input.step
      sums[output] = Math.round(sum / sumSteps[output])
    }
    return [x, this.channels(shape, weights, steps), this.channels([outputs], sums, sumSteps)]
  }

  override finish(): Uint8Array {
    this.ranges.finish()
    return super.finish()
  }

  /**
   * Pixels are bytes: they are taken as they are, and scale and shift become part of the convolution that reads them. The
   * padding of that one, if it has any, is off by the little that the channels' shifts differ.
   */
  private pixelBytes(x: string, { scale, shift }: Pixels, arrange = (bytes: string) => bytes): string {
    const mean = shift.reduce((sum, value) => sum + value, 0) / shift.length
    const zero = Math.round(-mean / scale)
    const quantised = arrange(this.node('QuantizeLinear', [x, ...this.parameters(1, 0)]))
    return this.dequantise({ quantised, step: scale, zero, shift: shift.map((value) => value + zero * scale) })
  }

  /** The image, channels last, with each 2x2 pixels as one cell, their channels row by row; then channels first. */
  private foldInTwo(image: string, half: number, channels: number): string {
    const rows = this.node('Reshape', [image, this.integers([0, half, 2, half, 2 * channels])])
    // One transpose would do, but takes three times as long.
    const [even, odd] = [0, 1].map((row) =>
      this.node('Gather', [rows, this.constant([], BigInt64Array.of(BigInt(row)))], { axis: 2 }),
    )
    return this.node('Transpose', [this.node('Concat', [even, odd], { axis: 3 })], { perm: [0, 3, 1, 2] })
  }

  private round(x: string, { step, zero }: Pick<Bytes, 'step' | 'zero'>): string {
    return this.dequantise({ quantised: this.node('QuantizeLinear', [x, ...this.parameters(step, zero)]), step, zero })
  }

  private dequantise(bytes: Bytes): string {
    const { quantised, step, zero } = bytes
    const activation = this.node('DequantizeLinear', [quantised, ...this.parameters(step, zero)])
    this.bytes.set(activation, bytes)
    return activation
  }

  private parameters(step: number, zero: number): string[] {
    return [this.constant([], Float32Array.of(step)), this.constant([], Uint8Array.of(zero))]
  }

  /** Constants of integers with a step for each output channel, as the floats they stand for. */
  private channels(dims: readonly number[], data: Int8Array | Int32Array, steps: Float32Array): string {
    const zeros = data instanceof Int8Array ? new Int8Array(steps.length) : new Int32Array(steps.length)
    const inputs = [
      this.constant(dims, data),
      this.constant([steps.length], steps),
      this.constant([steps.length], zeros),
    ]
    return this.node('DequantizeLinear', inputs, { axis: 0 })
  }
}

/** The steps that cover a range; 0 is always one of them, as padding is 0. */
function stepsOf([least, most]: ActivationRange): { step: number; zero: number } {
  const [low, high] = [Math.min(0, least), Math.max(0, most)]
  const step = (high - low) / MOST_UNSIGNED || 1
  return { step, zero: Math.round(-low / step) }
}

/** What a filter (channels one after another) makes of a shift of its input's channels. */
function shiftedSum(filter: Float32Array, shift?: readonly number[]): number {
  if (shift === undefined) return 0
  const cells = filter.length / shift.length
  return filter.reduce((sum, weight, i) => sum + weight * shift[Math.floor(i / cells)], 0)
}

function largest(values: Float32Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]))
  return most
}

/**
 * A network as an ONNX model of 8-bit integers, in memory.
 * @param name the graph's name, for messages of the runtime
 * @param ranges of the network's activations, in the order in which the description gives them
 * @param describe writes the network
 * @throws RangeError when the ranges are not those of this network
 */
export function toQuantisedOnnx(
  name: string,
  ranges: readonly ActivationRange[],
  describe: (writer: GraphWriter<string>) => void,
): Uint8Array {
  const writer = new QuantisedOnnxWriter(name, new RangesInOrder(ranges))
  describe(writer)
  return writer.finish()
}
