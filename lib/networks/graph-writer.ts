/**
 * Applied to what a convolution or an addition gives: max(0, x), min(max(0, x), 6), or max(x / 10, x). The last is always
 * computed in floats, and rounded then where the rest is in 8 bits.
 */
export type Activation = 'relu' | 'relu6' | 'leakyRelu'
/** What `leakyRelu` multiplies negative numbers by. */
export const LEAK = 0.1

/**
 * How a window meets the border, as TensorFlow defines it. `same`: zeros all around so that the output has
 * ceil(side / stride) cells, the odd one at the bottom and right. `valid`: no zeros.
 */
export type Padding = 'same' | 'valid'

export interface Kernel {
  /** Height, width, input channels, output channels (depthwise: height, width, channels, 1). */
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface ConvolutionOptions {
  readonly kernel: Kernel
  /** One number an output channel; zeros when absent. */
  readonly bias?: Float32Array
  readonly stride: number
  readonly padding: Padding
  readonly activation?: Activation
  /**
   * Whether it is computed in floats, and its result left as it is, where the other layers are rounded to 8 bits: what the
   * network answers, and layers of which rounding would cost more than it saves.
   */
  readonly inFloats?: boolean
}

/**
 * What a network description is written against; one implementation a backend.
 * Every value is batch x height x width x channels unless said otherwise; the batch is open, and so are height and
 * width where `input` says so. A backend that stores channels first hides that behind the input and the outputs.
 */
export interface GraphWriter<Node> {
  /** The network's input. A side of `null` may differ from run to run. */
  input(name: string, side: number | null, channels: number): Node
  /** x * scale + shift, with one shift a channel; x is the input, or as large. */
  scaleAndShift(x: Node, scale: number, shift: readonly number[]): Node
  convolution(x: Node, options: ConvolutionOptions): Node
  /** One 3x3 filter a channel, channels not mixed. */
  depthwiseConvolution(x: Node, options: ConvolutionOptions): Node
  /** An activation belongs here, not in a node of its own, wherever the bare sum is not needed: backends fuse the two. */
  add(a: Node, b: Node, activation?: Activation): Node
  relu(x: Node): Node
  /** Largest value of each window; what lies outside of the map counts for nothing. Default: `valid`. */
  maxPool(x: Node, window: number, stride: number, padding?: Padding): Node
  /** Mean of each window, no padding; `channels` are those of x. */
  averagePool(x: Node, window: number, stride: number, channels: number): Node
  /** Zeros added at the bottom and right, and as further channels at the end. */
  padEnd(x: Node, rowsAndColumns: number, channels: number): Node
  /** Mean over height and width: batch x channels. */
  globalAverage(x: Node): Node
  /** batch x inputs -> batch x outputs; `weights` is inputs x outputs. */
  fullyConnected(x: Node, weights: Kernel, bias?: Float32Array): Node
  /** Each map's cells as rows of `length` numbers, row by row, all maps one after another: batch x rows x length. */
  concatenateRows(maps: readonly Node[], length: number): Node
  /** The network's output: rows, or what follows a global average. A map would come in the backend's own layout. */
  output(name: string, x: Node): void
}
