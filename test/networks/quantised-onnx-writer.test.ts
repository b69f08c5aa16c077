import { InferenceSession, Tensor } from 'onnxruntime-node'
import t from 'tap'
import type { ActivationRange } from '../../lib/networks/activation-ranges.js'
import type { GraphWriter } from '../../lib/networks/graph-writer.js'
import { toObservedOnnx } from '../../lib/networks/observed-onnx-writer.js'
import { toQuantisedOnnx } from '../../lib/networks/quantised-onnx-writer.js'

/** One image of `side` x `side` pixels of one channel. */
async function run(model: Uint8Array, side: number, pixels: readonly number[], names?: readonly string[]) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
  const feeds = { input: new Tensor('float32', Float32Array.from(pixels), [1, side, side, 1]) }
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
    writer.concatenateRows([writer.convolution(largest, { kernel: kernel(1), isOutput: true, ...one })], 1),
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
