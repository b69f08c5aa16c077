import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import t, { type Test } from 'tap'
import type { GraphWriter } from '../../lib/networks/graph-writer.js'
import { toOnnx } from '../../lib/networks/onnx-writer.js'
import { SAVED_MODEL_SIGNATURE, SAVED_MODEL_TAG } from '../../lib/networks/tensorflow-proto.js'
import { toSavedModel } from '../../lib/networks/tensorflow-writer.js'
import type { LoadedTfjsNode } from '../../lib/runtime/tfjs-node.js'
import { loadOrSkip } from '../tfjs-node.js'

interface SmallGraph {
  /** Height and width of the images, and their channels. */
  readonly side: number
  readonly channels: number
  /** One image or several, row by row. */
  readonly input: readonly number[]
  /** Worked out by hand. */
  readonly expected: readonly number[]
  describe<Node>(writer: GraphWriter<Node>, input: Node): Node
}

type Describe = (writer: GraphWriter<string>) => void
type Run = (t: Test, describe: Describe, graph: SmallGraph) => Promise<Float32Array>

const runOnnx: Run = async (_, describe, { side, channels, input }) => {
  const session = await InferenceSession.create(toOnnx('small', describe), { intraOpNumThreads: 1 })
  const shape = [input.length / (side * side * channels), side, side, channels]
  const { output } = await session.run({ input: new Tensor('float32', Float32Array.from(input), shape) })
  await session.release()
  return output.data as Float32Array
}

const runTensorFlow =
  ({ tf }: LoadedTfjsNode): Run =>
  async (t, describe, { side, channels, input }) => {
    const folder = t.testdir({})
    await writeFile(path.join(folder, 'saved_model.pb'), toSavedModel(describe))
    const model = await tf.node.loadSavedModel(folder, [SAVED_MODEL_TAG], SAVED_MODEL_SIGNATURE)
    const output = model.predict(
      tf.tensor4d(input.slice(), [input.length / (side * side * channels), side, side, channels]),
    )
    model.dispose()
    return Float32Array.from((output as InstanceType<typeof tf.Tensor>).dataSync())
  }

/** 1, 2, 3 ... as the pixels of an image of one channel. */
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)
const ones = (length: number) => new Float32Array(length).fill(1)

/** Sums of 3x3 windows. */
const boxSum = (stride: number, padding: 'same' | 'valid') => {
  return <Node>(writer: GraphWriter<Node>, x: Node) =>
    writer.convolution(x, { kernel: { shape: [3, 3, 1, 1], data: ones(9) }, stride, padding })
}

/** A map of several channels cell by cell, as an output must be. */
const cells = <Node>(writer: GraphWriter<Node>, map: Node, channels: number) => writer.concatenateRows([map], channels)

const GRAPHS: Record<string, SmallGraph> = {
  'input and output, two images': {
    side: 1,
    channels: 2,
    input: [1, -2, 3, -4],
    expected: [1, -2, 3, -4],
    describe: (_, x) => x,
  },
  'scale and one shift for all': {
    side: 2,
    channels: 1,
    input: [1, 2, 3, 4],
    expected: [-9.5, -9, -8.5, -8],
    describe: (writer, x) => writer.scaleAndShift(x, 0.5, [-10]),
  },
  'scale and a shift for each channel, two images': {
    side: 1,
    channels: 3,
    input: [1, 2, 3, 4, 5, 6],
    expected: [12, 24, 36, 18, 30, 42],
    describe: (writer, x) => writer.scaleAndShift(x, 2, [10, 20, 30]),
  },
  // 1 2 3 / 4 5 6 / 7 8 9
  'convolution, same padding, odd side': {
    side: 3,
    channels: 1,
    input: upTo(9),
    expected: [12, 21, 16, 27, 45, 33, 24, 39, 28],
    describe: boxSum(1, 'same'),
  },
  // At an odd side with stride 2 there is padding on every side: windows around 1, 3, 7 and 9.
  'convolution, same padding, stride 2, odd side': {
    side: 3,
    channels: 1,
    input: upTo(9),
    expected: [12, 16, 24, 28],
    describe: boxSum(2, 'same'),
  },
  // 1 2 3 4 / 5 6 7 8 / 9 10 11 12 / 13 14 15 16: at an even side the padding is at the bottom and right only.
  'convolution, same padding, stride 2, even side': {
    side: 4,
    channels: 1,
    input: upTo(16),
    expected: [54, 45, 72, 54],
    describe: boxSum(2, 'same'),
  },
  'convolution, no padding, odd side': {
    side: 3,
    channels: 1,
    input: upTo(9),
    expected: [45],
    describe: boxSum(1, 'valid'),
  },
  'convolution, no padding, even side': {
    side: 4,
    channels: 1,
    input: upTo(16),
    expected: [54, 63, 90, 99],
    describe: boxSum(1, 'valid'),
  },
  'convolution, no padding, stride 2, even side': {
    side: 4,
    channels: 1,
    input: upTo(16),
    expected: [54],
    describe: boxSum(2, 'valid'),
  },
  // Weights by row, column, input, output: the two inputs of the window's two columns, then for the second output.
  'convolution of channels, kernel of one row, with bias': {
    side: 2,
    channels: 2,
    input: [1, 2, 3, 4, 5, 6, 7, 8],
    expected: [1 + 20 + 300 + 4000 + 0.5, -2 + 4 - 1, 5 + 60 + 700 + 8000 + 0.5, -6 + 8 - 1],
    describe: (writer, x) =>
      cells(
        writer,
        writer.convolution(x, {
          kernel: { shape: [1, 2, 2, 2], data: Float32Array.of(1, 0, 10, -1, 100, 0, 1000, 1) },
          bias: Float32Array.of(0.5, -1),
          stride: 1,
          padding: 'valid',
        }),
        2,
      ),
  },
  'convolution with relu': {
    side: 2,
    channels: 1,
    input: [-3, 2, 8, 0],
    expected: [0, 3, 9, 1],
    describe: (writer, x) =>
      writer.convolution(x, {
        kernel: { shape: [1, 1, 1, 1], data: Float32Array.of(1) },
        bias: Float32Array.of(1),
        stride: 1,
        padding: 'same',
        activation: 'relu',
      }),
  },
  'convolution with relu6': {
    side: 2,
    channels: 1,
    input: [-3, 2, 8, 0],
    expected: [0, 3, 6, 1],
    describe: (writer, x) =>
      writer.convolution(x, {
        kernel: { shape: [1, 1, 1, 1], data: Float32Array.of(1) },
        bias: Float32Array.of(1),
        stride: 1,
        padding: 'same',
        activation: 'relu6',
      }),
  },
  'convolution with leaky relu': {
    side: 2,
    channels: 1,
    input: [-30, 2, 8, -10],
    expected: [-3, 2, 8, -1],
    describe: (writer, x) =>
      writer.convolution(x, {
        kernel: { shape: [1, 1, 1, 1], data: Float32Array.of(1) },
        stride: 1,
        padding: 'same',
        activation: 'leakyRelu',
      }),
  },
  'largest of windows, same padding, stride 2, odd side: what is outside counts for nothing': {
    side: 3,
    channels: 1,
    input: [-1, -2, -3, -4, -5, -6, -7, -8, -9],
    expected: [-1, -3, -7, -9],
    describe: (writer, x) => writer.maxPool(x, 2, 2, 'same'),
  },
  'largest of windows, same padding, stride 1': {
    side: 3,
    channels: 1,
    input: upTo(9),
    expected: [5, 6, 6, 8, 9, 9, 8, 9, 9],
    describe: (writer, x) => writer.maxPool(x, 2, 1, 'same'),
  },
  // The first channel is summed up, of the second only the window's middle is taken, ten times.
  'depthwise convolution, same padding, odd side': {
    side: 3,
    channels: 2,
    input: upTo(9).flatMap((value) => [value, value]),
    expected: [12, 10, 21, 20, 16, 30, 27, 40, 45, 50, 33, 60, 24, 70, 39, 80, 28, 90],
    describe: (writer, x) =>
      cells(
        writer,
        writer.depthwiseConvolution(x, {
          kernel: {
            shape: [3, 3, 2, 1],
            data: Float32Array.from({ length: 18 }, (_, i) => (i % 2 === 0 ? 1 : i === 9 ? 10 : 0)),
          },
          stride: 1,
          padding: 'same',
        }),
        2,
      ),
  },
  'depthwise convolution, same padding, stride 2, even side, with bias and relu6': {
    side: 4,
    channels: 1,
    input: upTo(16),
    expected: [4, 0, 6, 4],
    describe: (writer, x) =>
      writer.depthwiseConvolution(x, {
        kernel: { shape: [3, 3, 1, 1], data: ones(9) },
        bias: Float32Array.of(-50),
        stride: 2,
        padding: 'same',
        activation: 'relu6',
      }),
  },
  'sum of two': {
    side: 2,
    channels: 1,
    input: [1, -2, 3, -4],
    expected: [3, -6, 9, -12],
    describe: (writer, x) => writer.add(x, writer.add(x, x)),
  },
  'sum with relu': {
    side: 2,
    channels: 1,
    input: [1, -2, 3, -4],
    expected: [2, 0, 6, 0],
    describe: (writer, x) => writer.add(x, x, 'relu'),
  },
  'sum with relu6': {
    side: 2,
    channels: 1,
    input: [1, -2, 4, -4],
    expected: [2, 0, 6, 0],
    describe: (writer, x) => writer.add(x, x, 'relu6'),
  },
  relu: {
    side: 2,
    channels: 1,
    input: [1, -2, 0, -4],
    expected: [1, 0, 0, 0],
    describe: (writer, x) => writer.relu(x),
  },
  // As in the landmark network: the sum is rectified, and read again as it is.
  'relu of a convolution and a sum that is read again': {
    side: 2,
    channels: 1,
    input: [1, -2, 3, -4],
    // s = 2x + 1 - 3x = 1 - x: 0, 3, -2, 5; s + relu(s) and nothing below 0
    expected: [0, 6, 0, 10],
    describe: (writer, x) => {
      const one = { stride: 1, padding: 'same' } as const
      const pointwise = (weight: number) => ({ shape: [1, 1, 1, 1], data: Float32Array.of(weight) })
      const twice = writer.convolution(x, { kernel: pointwise(2), bias: Float32Array.of(1), ...one })
      const sum = writer.add(twice, writer.convolution(x, { kernel: pointwise(-3), ...one }))
      return writer.add(sum, writer.relu(sum), 'relu')
    },
  },
  'largest of 3x3 windows, stride 2, odd side': {
    side: 5,
    channels: 1,
    input: upTo(25).map((value) => -value),
    expected: [-1, -3, -11, -13],
    describe: (writer, x) => writer.maxPool(x, 3, 2),
  },
  'largest of 3x3 windows, stride 2, even side': {
    side: 4,
    channels: 1,
    input: upTo(16),
    expected: [11],
    describe: (writer, x) => writer.maxPool(x, 3, 2),
  },
  'mean of 2x2 windows, even side': {
    side: 4,
    channels: 1,
    input: upTo(16),
    expected: [3.5, 5.5, 11.5, 13.5],
    describe: (writer, x) => writer.averagePool(x, 2, 2, 1),
  },
  'mean of 2x2 windows, odd side': {
    side: 3,
    channels: 1,
    input: upTo(9),
    expected: [3],
    describe: (writer, x) => writer.averagePool(x, 2, 2, 1),
  },
  'zeros at the bottom and right': {
    side: 2,
    channels: 1,
    input: [1, 2, 3, 4],
    expected: [1, 2, 0, 3, 4, 0, 0, 0, 0],
    describe: (writer, x) => writer.padEnd(x, 1, 0),
  },
  'zeros as further channels': {
    side: 1,
    channels: 2,
    input: [1, 2, 3, 4],
    expected: [1, 2, 0, 0, 0, 3, 4, 0, 0, 0],
    describe: (writer, x) => writer.padEnd(x, 0, 3),
  },
  'no zeros': { side: 1, channels: 1, input: [7], expected: [7], describe: (writer, x) => writer.padEnd(x, 0, 0) },
  'mean of each channel, two images': {
    side: 2,
    channels: 2,
    input: [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80],
    expected: [2.5, 25, 6.5, 65],
    describe: (writer, x) => writer.globalAverage(x),
  },
  'fully connected, with and without bias': {
    side: 1,
    channels: 2,
    input: [1, 2, 3, 4],
    // (a, b) -> (a + 2b, 3a + 4b) + (10, 20) -> their sum
    expected: [5 + 10 + 11 + 20, 11 + 10 + 25 + 20],
    describe: (writer, x) => {
      const weights = { shape: [2, 2], data: Float32Array.of(1, 3, 2, 4) }
      const inner = writer.fullyConnected(writer.globalAverage(x), weights, Float32Array.of(10, 20))
      return writer.fullyConnected(inner, { shape: [2, 1], data: ones(2) })
    },
  },
  'rows of two maps, two images': {
    side: 2,
    channels: 2,
    input: upTo(16),
    // First each cell's two channels, then the four channels of the second map's only cell as two rows.
    expected: [...upTo(8), 1.5, 3.5, 5.5, 7.5, ...upTo(16).slice(8), 9.5, 11.5, 13.5, 15.5],
    describe: (writer, x) => {
      // Four channels: of each of the four cells the mean of its channels.
      const kernel = { shape: [2, 2, 2, 4], data: new Float32Array(32) }
      const at = (row: number, column: number, input: number, output: number) =>
        ((row * 2 + column) * 2 + input) * 4 + output
      for (const input of [0, 1]) {
        kernel.data[at(0, 0, input, 0)] = 0.5
        kernel.data[at(0, 1, input, 1)] = 0.5
        kernel.data[at(1, 0, input, 2)] = 0.5
        kernel.data[at(1, 1, input, 3)] = 0.5
      }
      return writer.concatenateRows([x, writer.convolution(x, { kernel, stride: 1, padding: 'valid' })], 2)
    },
  },
}

async function givesWhatWasWorkedOut(t: Test, run: Run): Promise<void> {
  for (const [name, graph] of Object.entries(GRAPHS)) {
    await t.test(name, async (t) => {
      for (const side of [graph.side, null]) {
        const describe: Describe = (writer) => {
          writer.output('output', graph.describe(writer, writer.input('input', side, graph.channels)))
        }
        t.same([...(await run(t, describe, graph))], graph.expected, side === null ? 'of any size' : `side ${side}`)
      }
    })
  }
}

t.test('each operation gives in ONNX what was worked out by hand', (t) => givesWhatWasWorkedOut(t, runOnnx))

const tfjsNode = loadOrSkip()
const skip = typeof tfjsNode === 'string' && tfjsNode
t.test('each operation gives in TensorFlow what was worked out by hand', { skip }, async (t) => {
  if (typeof tfjsNode !== 'string') await givesWhatWasWorkedOut(t, runTensorFlow(tfjsNode))
})
