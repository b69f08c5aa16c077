import type { ActivationRange } from './activation-ranges.js'
import type { ConvolutionOptions, Padding } from './graph-writer.js'
import { type Bytes, bytesOf, quantiseWeights } from './tensorflow-bytes.js'
import type { TensorFlowAttribute, TensorFlowType } from './tensorflow-proto.js'
import { TensorFlowWriter } from './tensorflow-writer.js'

export const CONVOLUTION = '_FusedQuantizedConv2D'
export const DEPTHWISE = '_FusedQuantizedDepthwiseConv2D'
type ByteConvolution = typeof CONVOLUTION | typeof DEPTHWISE
type BytePool = 'QuantizedMaxPool' | 'QuantizedAvgPool'

/**
 * Writes the operators of a TensorFlow graph whose activations are 8-bit integers, and knows of each node what its bytes stand for.
 * Source: tensorflow/core/kernels/mkl/mkl_conv_ops.cc and its test, `_FusedQuantizedConv2D`.
 */
export class TensorFlowByteWriter extends TensorFlowWriter {
  protected readonly bytes = new Map<string, Bytes>()

  /** Rounds halves to even, as oneDNN does: TensorFlow leaves only that to oneDNN, which takes a tenth of the time. */
  protected quantise(x: string, range: ActivationRange): string {
    const bytes = bytesOf(range)
    const attributes = { T: { type: bytes.type }, mode: 'SCALED', round_mode: 'HALF_TO_EVEN' }
    return this.remember(this.node('QuantizeV2', [x, ...this.limits(bytes)], attributes), bytes)
  }

  protected dequantise(x: string): string {
    const bytes = this.bytesAt(x)
    return this.node('Dequantize', [x, ...this.limits(bytes)], { T: { type: bytes.type }, mode: 'SCALED' })
  }

  /**
   * A convolution with all that oneDNN does in one node.
   * @param result what its bytes are to stand for
   * @param summand bytes that are added before the relu; oneDNN writes over them
   */
  protected convolveBytes(
    operator: ByteConvolution,
    x: string,
    { kernel, bias, stride, padding, activation }: ConvolutionOptions,
    result: Bytes,
    summand?: Bytes & { node: string },
  ): string {
    const input = this.bytesAt(x)
    const [, , inputs, outputs] = kernel.shape
    const channels = operator === DEPTHWISE ? inputs : outputs
    const { weights, most } = quantiseWeights(kernel.data, channels)
    const operands: [string, TensorFlowType][] = [
      [x, input.type],
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

  protected poolBytes(operator: BytePool, x: string, window: number, stride: number, padding: Padding): string {
    const bytes = this.bytesAt(x)
    const attributes: Record<string, TensorFlowAttribute> = {
      T: { type: bytes.type },
      ksize: [1, window, window, 1],
      strides: [1, stride, stride, 1],
      padding: padding.toUpperCase(),
    }
    return this.remember(this.node(operator, [x, ...this.limits(bytes)], attributes), bytes)
  }

  /** Zeros at the bottom and right, and as further channels: 0 is 0 in all bytes. */
  protected padBytes(x: string, rowsAndColumns: number, channels: number): string {
    const bytes = this.bytesAt(x)
    const plain = this.bitcast(x, bytes.type, 'uint8')
    const amounts = this.integers([4, 2], [0, 0, 0, rowsAndColumns, 0, rowsAndColumns, 0, channels])
    const padded = this.node('Pad', [plain, amounts], { T: { type: 'uint8' }, Tpaddings: { type: 'int32' } })
    return this.remember(this.bitcast(padded, 'uint8', bytes.type), bytes)
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

  private bytesAt(node: string): Bytes {
    const bytes = this.bytes.get(node)
    if (bytes === undefined) throw new TypeError(`${node} is not in 8 bits`)
    return bytes
  }

  private remember(node: string, bytes: Bytes): string {
    this.bytes.set(node, bytes)
    return node
  }

  private limits({ type, most }: Bytes): string[] {
    return [type === 'qint8' ? -most : 0, most].map((value) => this.floats([], Float32Array.of(value)))
  }

  private bitcast(x: string, from: TensorFlowType, to: TensorFlowType): string {
    return this.node('Bitcast', [x], { T: { type: from }, type: { type: to } })
  }
}
