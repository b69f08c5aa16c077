import { InferenceSession, Tensor } from 'onnxruntime-node'
import t from 'tap'
import type { ActivationRange } from '../../lib/networks/activation-ranges.js'
import type { GraphWriter } from '../../lib/networks/graph-writer.js'
import { toObservedOnnx } from '../../lib/networks/observed-onnx-writer.js'
import { toOnnx } from '../../lib/networks/onnx-writer.js'
import { toQuantisedOnnx } from '../../lib/networks/quantised-onnx-writer.js'

/** Images of `side` x `side` pixels. */
async function run(
  model: Uint8Array,
  side: number,
  pixels: readonly number[],
  names?: readonly string[],
  channels = 1,
) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  const shape = [pixels.length / (side * side * channels), side, side, channels]
  const feeds = { input: new Tensor('float32', Float32Array.from(pixels), shape) }
  const outputs = await session.run(feeds, names ?? session.outputNames)
  await session.release()
  return Object.values(outputs).map(({ data }) => [...(data as Float32Array)])
}

const kernel = (weight: number) => ({ shape: [1, 1, 1, 1], data: Float32Array.of(weight) })
const one = { stride: 1, padding: 'same' } as const

/** (p - 1) / 255, from there on sums and the like of it, worked out by hand; then as rows. */
function describe<Node>(writer: GraphWriter<Node>): void {
  const pixels = writer.scaleAndShift(writer.input('input', 2, 1), 1 / 255, [-1 / 255])
  const x = writer.convolution(pixels, { kernel: kernel(2), bias: Float32Array.of(0.5), ...one }) // 0.5 + 2p'
  const y = writer.convolution(x, { kernel: kernel(-1), ...one }) // -0.5 - 2p'
  const sum = writer.add(x, writer.add(x, y)) // 0.5 + 2p'
  const largest = writer.maxPool(writer.padEnd(sum, 1, 0), 2, 1)
  writer.output(
    'rows',
    writer.concatenateRows([writer.convolution(largest, { kernel: kernel(1), inFloats: true, ...one })], 1),
  )
}

const PIXELS = [1, 52, 103, 255]
/** What the last pixel becomes. */
const LARGEST = 0.5 + (2 * 254) / 255
/** The largest of each 2x2 window, where there are zeros at the bottom and right. */
const EXPECTED = [LARGEST, LARGEST, LARGEST, LARGEST]
const RANGES: ActivationRange[] = [
  [0.5, 2.5],
  [-2.5, 0],
  [0, 0],
  [0, 2.5],
]

t.test('a graph in 8 bits gives what was worked out by hand, to a step of its ranges', async (t) => {
  const [rows] = await run(toQuantisedOnnx('small', RANGES, describe), 2, PIXELS)
  t.equal(rows.length, EXPECTED.length)
  rows.forEach((value, i) => {
    t.ok(Math.abs(value - EXPECTED[i]) < 2 * (2.5 / 255), `${value}`)
  })
})

t.test('what lies outside a range is cut off', async (t) => {
  const narrow = RANGES.with(3, [0, 1])
  const [rows] = await run(toQuantisedOnnx('small', narrow, describe), 2, PIXELS)
  t.same(rows.map(Math.round), [1, 1, 1, 1])
})

/** A number for each of the first `length`, spread over 0 to 255. */
const pixelsOf = (length: number) => Array.from({ length }, (_, i) => (i * 97) % 256)

t.test('a first convolution that moves by two pixels gives in 8 bits what it gives in 32', async (t) => {
  for (const [height, width] of [
    [3, 3],
    [2, 2],
    [1, 4],
  ]) {
    const weights = Float32Array.from({ length: height * width * 3 * 2 }, (_, i) => ((i * 31) % 17) / 17 - 0.5)
    const describe = <Node>(writer: GraphWriter<Node>): void => {
      const pixels = writer.scaleAndShift(writer.input('input', 6, 3), 1 / 255, [-0.5, -0.4, -0.3])
      const first = writer.convolution(pixels, {
        kernel: { shape: [height, width, 3, 2], data: weights },
        bias: Float32Array.of(0.1, -0.2),
        stride: 2,
        padding: 'valid',
      })
      writer.output('rows', writer.concatenateRows([first], 2))
    }
    const pixels = pixelsOf(2 * 6 * 6 * 3)
    const [floats] = await run(toOnnx('small', describe), 6, pixels, undefined, 3)
    const [integers] = await run(toQuantisedOnnx('small', [[-5, 5]], describe), 6, pixels, undefined, 3)
    t.equal(integers.length, floats.length)
    t.ok(
      integers.every((value, i) => Math.abs(value - floats[i]) < 2 * (10 / 255)),
      `${height} x ${width}: ${integers} and ${floats}`,
    )
  }
})

t.test('the mean of windows is that of the rounded values', async (t) => {
  const describe = <Node>(writer: GraphWriter<Node>): void => {
    const pixels = writer.scaleAndShift(writer.input('input', 4, 1), 1, [0])
    const same = writer.convolution(pixels, { kernel: kernel(1), ...one })
    writer.output('rows', writer.concatenateRows([writer.averagePool(same, 2, 2, 1)], 1))
  }
  const pixels = [0, 4, 100, 100, 8, 0, 100, 100, 255, 255, 1, 2, 255, 255, 3, 6]
  const [rows] = await run(toQuantisedOnnx('small', [[0, 255]], describe), 4, pixels)
  t.same(rows.map(Math.round), [3, 100, 255, 3])
})

t.test('layers that are to be computed in floats are, and so is what is made of them alone', async (t) => {
  const describe = <Node>(writer: GraphWriter<Node>): void => {
    const pixels = writer.scaleAndShift(writer.input('input', 2, 1), 1 / 3, [-1 / 7])
    const x = writer.convolution(pixels, { kernel: kernel(1 / 9), inFloats: true, ...one })
    const sum = writer.maxPool(writer.relu(writer.add(x, x)), 1, 1)
    writer.output(
      'rows',
      writer.concatenateRows([writer.convolution(sum, { kernel: kernel(1), inFloats: true, ...one })], 1),
    )
  }
  // Of the sum and the relu, which are not rounded.
  const unused: ActivationRange[] = [
    [0, 1000],
    [0, 1000],
  ]
  const [rows] = await run(toQuantisedOnnx('small', unused, describe), 2, PIXELS)
  rows.forEach((value, i) => {
    t.ok(Math.abs(value - (2 * (PIXELS[i] / 3 - 1 / 7)) / 9) < 1e-5, `${value}`)
  })
})

t.test('ranges of another network are refused', async (t) => {
  t.throws(() => toQuantisedOnnx('small', RANGES.slice(1), describe), {
    name: 'RangeError',
    message: /more activations/,
  })
  t.throws(() => toQuantisedOnnx('small', [...RANGES, [0, 1]], describe), {
    name: 'RangeError',
    message: /more ranges/,
  })
})

t.test('the activations that ranges are for can be seen', async (t) => {
  const { model, activations } = toObservedOnnx('small', describe)
  t.equal(activations.length, RANGES.length)
  const seen = await run(model, 2, PIXELS, activations)
  const expected = [
    [0.5, 0.9, 1.3, LARGEST],
    [-0.5, -0.9, -1.3, -LARGEST],
    [0, 0, 0, 0],
    [0.5, 0.9, 1.3, LARGEST],
  ]
  seen.forEach((values, i) => {
    values.forEach((value, j) => {
      t.ok(Math.abs(value - expected[i][j]) < 1e-6, `activation ${i}: ${value}`)
    })
  })
})
