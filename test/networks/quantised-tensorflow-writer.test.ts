import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import type { ActivationRange } from '../../lib/networks/activation-ranges.js'
import type { Activation, GraphWriter } from '../../lib/networks/graph-writer.js'
import { toQuantisedSavedModel } from '../../lib/networks/quantised-tensorflow-writer.js'
import { SAVED_MODEL_SIGNATURE, SAVED_MODEL_TAG } from '../../lib/networks/tensorflow-proto.js'
import type { LoadedTfjsNode } from '../../lib/runtime/tfjs-node.js'
import { loadOrSkip } from '../tfjs-node.js'

/** What follows the pixels, whose values are theirs divided by 255. */
interface SmallGraph {
  /** One image of 2 x 2 pixels of two channels. */
  readonly pixels: readonly number[]
  readonly ranges: readonly ActivationRange[]
  /** Worked out by hand. */
  readonly expected: readonly number[]
  /** Channels of the result. */
  readonly channels: number
  describe<Node>(writer: GraphWriter<Node>, x: Node): Node
}

const one = { stride: 1, padding: 'same' } as const
const pointwise = (shape: readonly [number, number], ...weights: number[]) => ({
  kernel: { shape: [1, 1, ...shape], data: Float32Array.from(weights) },
  ...one,
})
/** The sum of both channels, and their difference. */
const sumAndDifference = (activation?: Activation) => ({ ...pointwise([2, 2], 1, 1, 1, -1), activation })
const same = pointwise([2, 2], 1, 0, 0, 1)
const PIXELS = [255, 0, 51, 102, 0, 204, 255, 255]
/** The same as values: 1 0 / 0.2 0.4 / 0 0.8 / 1 1. */
const VALUES = PIXELS.map((pixel) => pixel / 255)

const GRAPHS: Record<string, SmallGraph> = {
  'convolution, a step for each output channel, with bias and relu': {
    pixels: PIXELS,
    ranges: [[0, 300]],
    expected: [101, 0, 21, 41, 1, 81, 101, 101],
    channels: 2,
    describe: (writer, x) =>
      writer.convolution(x, {
        ...pointwise([2, 2], 100, 0.01, 0, 100),
        bias: Float32Array.of(1, 0.5),
        activation: 'relu',
      }),
  },
  'convolution with relu6': {
    pixels: PIXELS,
    ranges: [[0, 10]],
    expected: [6, 0, 2, 4, 0, 6, 6, 6],
    channels: 2,
    describe: (writer, x) => writer.convolution(x, { ...pointwise([2, 2], 10, 0, 0, 10), activation: 'relu6' }),
  },
  'convolution without activation, read twice': {
    pixels: PIXELS,
    ranges: [
      [-1, 2],
      [-2, 4],
    ],
    expected: [2, 2, 1.2, -0.4, 1.6, -1.6, 4, 0],
    channels: 2,
    describe: (writer, x) => {
      const mixed = writer.convolution(x, sumAndDifference())
      return writer.add(mixed, mixed)
    },
  },
  'sum of a residual and what it was made from, with relu': {
    pixels: PIXELS,
    ranges: [
      [0, 1],
      [0, 2],
      [-1, 2],
      [0, 3],
    ],
    // After the relu: 1 1 / 0.6 0 / 0.8 0 / 2 0. Its sum and difference: 2 0 / 0.6 0.6 / 0.8 0.8 / 2 2.
    expected: [3, 0, 0.8, 1, 0.8, 1.6, 3, 3],
    channels: 2,
    describe: (writer, x) => {
      const rectified = writer.convolution(x, { ...same, activation: 'relu' })
      const inner = writer.convolution(rectified, { ...sumAndDifference(), activation: 'relu' })
      return writer.add(writer.convolution(inner, sumAndDifference()), rectified, 'relu')
    },
  },
  'sum of a convolution and its own input, with relu': {
    pixels: PIXELS,
    ranges: [
      [0, 1],
      [-1, 2],
      [0, 3],
    ],
    expected: [2, 1, 0.8, 0.2, 0.8, 0, 3, 1],
    channels: 2,
    describe: (writer, x) => {
      const rectified = writer.convolution(x, { ...same, activation: 'relu' })
      return writer.add(writer.convolution(rectified, sumAndDifference()), rectified, 'relu')
    },
  },
  'depthwise convolution, with and without activation': {
    pixels: PIXELS,
    ranges: [
      [0, 6],
      [-7, 0],
    ],
    // The sum of all four cells of each channel; then three times that, negative, in the first and zero in the second.
    expected: [-6.6, 0],
    channels: 2,
    describe: (writer, x) => {
      const kernel = { shape: [2, 2, 2, 1], data: new Float32Array(8).fill(1) }
      const sums = writer.depthwiseConvolution(x, { kernel, stride: 1, padding: 'valid', activation: 'relu6' })
      return writer.depthwiseConvolution(sums, {
        kernel: { shape: [1, 1, 2, 1], data: Float32Array.of(-3, 0) },
        ...one,
      })
    },
  },
  'largest and mean of a window, zeros around': {
    pixels: PIXELS,
    ranges: [[0, 3]],
    expected: [1 + 0.55, 1 + 0.55, 0],
    channels: 3,
    describe: (writer, x) =>
      writer.padEnd(writer.add(writer.maxPool(x, 2, 1), writer.averagePool(x, 2, 1, 2), 'relu'), 0, 1),
  },
  'largest of a window that reaches over the border': {
    pixels: PIXELS,
    ranges: [[-1, 0]],
    expected: [0, 0, -0.2, -0.4, 0, -0.8, -1, -1],
    channels: 2,
    describe: (writer, x) => writer.maxPool(writer.convolution(x, pointwise([2, 2], -1, 0, 0, -1)), 2, 1, 'same'),
  },
  'the same of what is left in floats': {
    pixels: PIXELS,
    ranges: [],
    expected: [0, 0, -0.2, -0.4, 0, -0.8, -1, -1],
    channels: 2,
    describe: (writer, x) =>
      writer.maxPool(writer.convolution(x, { ...pointwise([2, 2], -1, 0, 0, -1), inFloats: true }), 2, 1, 'same'),
  },
  'convolutions with leaky relu': {
    pixels: PIXELS,
    ranges: [
      [-1, 0],
      [-1, 0],
    ],
    // A tenth of minus ten times the pixels; then a tenth of ten times that.
    expected: VALUES.map((value) => -value),
    channels: 2,
    describe: (writer, x) => {
      const leaked = writer.convolution(x, { ...pointwise([2, 2], -10, 0, 0, -10), activation: 'leakyRelu' })
      const kernel = { shape: [1, 1, 2, 1], data: Float32Array.of(10, 10) }
      return writer.depthwiseConvolution(leaked, { kernel, ...one, activation: 'leakyRelu' })
    },
  },
  'sum of a convolution and what it was made from, with leaky relu': {
    pixels: PIXELS,
    ranges: [
      [0, 1],
      [-3, 0],
      [-0.2, 0],
    ],
    expected: VALUES.map((value) => -0.2 * value),
    channels: 2,
    describe: (writer, x) => {
      const rectified = writer.convolution(x, { ...same, activation: 'relu' })
      return writer.add(writer.convolution(rectified, pointwise([2, 2], -3, 0, 0, -3)), rectified, 'leakyRelu')
    },
  },
  relu: {
    pixels: PIXELS,
    ranges: [
      [-1, 2],
      [0, 2],
    ],
    expected: [1, 1, 0.6, 0, 0.8, 0, 2, 0],
    channels: 2,
    describe: (writer, x) => writer.relu(writer.convolution(x, sumAndDifference())),
  },
  'what lies outside a range is cut off': {
    pixels: PIXELS,
    ranges: [[0, 0.5]],
    expected: VALUES.map((value) => Math.min(value, 0.5)),
    channels: 2,
    describe: (writer, x) => writer.convolution(x, { ...same, activation: 'relu' }),
  },
}

async function run(t: Test, { tf }: LoadedTfjsNode, { pixels, ranges, channels, describe }: SmallGraph) {
  const folder = t.testdir({})
  const graph = toQuantisedSavedModel(ranges, (writer) => {
    const x = writer.scaleAndShift(writer.input('input', 2, 2), 1 / 255, [0, 0])
    writer.output('output', writer.concatenateRows([describe(writer, x)], channels))
  })
  await writeFile(path.join(folder, 'saved_model.pb'), graph)
  const model = await tf.node.loadSavedModel(folder, [SAVED_MODEL_TAG], SAVED_MODEL_SIGNATURE)
  const output = model.predict(tf.tensor4d([...pixels], [1, 2, 2, 2]))
  model.dispose()
  return [...(output as InstanceType<typeof tf.Tensor>).dataSync()]
}

const tfjsNode = loadOrSkip()
const skip = typeof tfjsNode === 'string' ? tfjsNode : process.arch !== 'x64' && 'oneDNN has 8 bits on x86-64 only'
t.test(
  'each operation in 8 bits gives what was worked out by hand, to a few steps of its range',
  { skip },
  async (t) => {
    if (typeof tfjsNode === 'string') return
    for (const [name, graph] of Object.entries(GRAPHS)) {
      await t.test(name, async (t) => {
        const step = Math.max(1e-6, ...graph.ranges.map(([least, most]) => Math.max(-least, most) / 127))
        const values = await run(t, tfjsNode, graph)
        t.equal(values.length, graph.expected.length)
        values.forEach((value, i) => {
          t.ok(Math.abs(value - graph.expected[i]) <= 2 * step, `${value}, expected ${graph.expected[i]}`)
        })
      })
    }
  },
)

t.test('ranges of another network are refused', async (t) => {
  const { describe } = GRAPHS.relu
  const write = (ranges: readonly ActivationRange[]) => () =>
    toQuantisedSavedModel(ranges, (writer) => {
      writer.output('output', describe(writer, writer.scaleAndShift(writer.input('input', 2, 2), 1, [0])))
    })
  t.doesNotThrow(write(GRAPHS.relu.ranges))
  t.throws(write(GRAPHS.relu.ranges.slice(1)), { name: 'RangeError', message: /more activations/ })
  t.throws(write([...GRAPHS.relu.ranges, [0, 1]]), { name: 'RangeError', message: /more ranges/ })
})
