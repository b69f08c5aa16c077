import * as ort from 'onnxruntime-node'
import t from 'tap'
import { intersectionOverUnion } from '../../lib/face/geometry.js'
import type { ActivationRange } from '../../lib/networks/activation-ranges.js'
import { CHIP_SIZE, DESCRIPTOR_LENGTH } from '../../lib/networks/descriptor.js'
import type { DetectorOutput } from '../../lib/runtime/face-networks.js'
import type { CompiledGraph, GraphSource } from '../../lib/runtime/graph-networks.js'
import { loadNetworks } from '../../lib/runtime/load-networks.js'
import { compileOnnx, writeOnnx } from '../../lib/runtime/onnx-session.js'
import { choosePrecision } from '../../lib/runtime/precision.js'
import { batchOf, facePixels, REAL_FACES } from '../real-faces.js'

const compile = (source: GraphSource, ranges?: readonly ActivationRange[]) =>
  compileOnnx(ort, ['cpu'], writeOnnx(source, ranges), 1)

/** Distance 0.14 at length 1; that of different people is 0.37 and more in all but one of 1,000 pairs. */
const LEAST_COSINE = 0.99
/** Where the points do not fit the box, they are looked for again where they were found: the box need not be exact. */
const LEAST_OVERLAP = 0.85
const MOST_SCORE_DIFFERENCE = 0.1
const DETECTOR_SIZE = 128
const COUNT = REAL_FACES.length

/** A machine on which the 8-bit graph behaves otherwise than here. */
const machineWhere = (change: (graph: CompiledGraph, precision: 'fp32' | 'int8') => CompiledGraph) => {
  return async (source: GraphSource, ranges?: readonly ActivationRange[]) =>
    change(await compile(source, ranges), ranges === undefined ? 'fp32' : 'int8')
}
const slow = (graph: CompiledGraph): CompiledGraph => ({
  ...graph,
  async run(...input) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return graph.run(...input)
  },
})
/** As where the sum of two products is cut to 16 bits. */
const overflowing = (graph: CompiledGraph): CompiledGraph => ({
  ...graph,
  run: async (...input) => (await graph.run(...input)).map((value) => value / 2),
})

t.test('int8 is taken where it is faster, and fp32 where it is not; the description says which and why', async (t) => {
  const intsWin = machineWhere((graph, precision) => (precision === 'fp32' ? slow(graph) : graph))
  const here = await choosePrecision('auto', intsWin).catch((error: Error) => error)
  const exact = !(here instanceof Error) && here.precision === 'int8'
  if (exact) t.match(here, { precision: 'int8', description: 'int8 (faster here than fp32)' })
  else t.match(here, { precision: 'fp32', description: /wrong sums/ }, 'a CPU without VNNI')

  const floatsWin = machineWhere((graph, precision) => (precision === 'int8' ? slow(graph) : graph))
  const slower = exact ? 'fp32 (int8 is not faster here)' : /wrong sums/
  t.match(await choosePrecision('auto', floatsWin), { precision: 'fp32', description: slower })
})

t.test('int8 is never taken on a CPU that gives wrong sums', async (t) => {
  const wrong = machineWhere((graph, precision) => (precision === 'int8' ? overflowing(graph) : slow(graph)))
  t.match(await choosePrecision('auto', wrong), { precision: 'fp32', description: /int8 gives wrong sums on this CPU/ })
  await t.rejects(choosePrecision('int8', wrong), { message: /no VNNI: set auto or fp32/ })
})

t.test('fp32 that is set is taken without any measurement', async (t) => {
  const never = () => Promise.reject(new Error('compiled'))
  t.same(await choosePrecision('fp32', never), { precision: 'fp32', description: 'fp32, as set' })
})

t.test('where there is no int8, fp32 is taken, and int8 that is set is refused with the reason', async (t) => {
  const none: typeof compile = async (source, ranges) => {
    if (ranges !== undefined) throw new Error('no such operator\nin this library')
    return compile(source)
  }
  t.same(await choosePrecision('auto', none), { precision: 'fp32', description: 'fp32 (there is no int8 here)' })
  await t.rejects(choosePrecision('int8', none), { message: 'int8 is set, but there is none here: no such operator' })
})

t.test('face-api, the reference, refuses int8', async (t) => {
  await t.rejects(loadNetworks('face-api', { precision: 'int8' }), {
    message: /face-api: has no int8; the others have/,
  })
})

for (const runtime of ['onnx', 'tensorflow'] as const) {
  const floats = await loadNetworks(runtime, { precision: 'fp32' }).catch((error: Error) => error.message)
  const integers = await loadNetworks(runtime, { precision: 'int8' }).catch((error: Error) => error.message)
  const skip =
    typeof floats === 'string' ? floats : typeof integers === 'string' && /no VNNI|none here/.test(integers) && integers
  t.test(`${runtime}: descriptors in 8 bits are close to those in 32`, { skip }, async (t) => {
    if (typeof floats === 'string' || typeof integers === 'string') return t.fail(String(integers))
    const chips = batchOf(await Promise.all(REAL_FACES.map((face) => facePixels(face, 1.2, CHIP_SIZE))))
    const [expected, found] = await Promise.all(
      [floats, integers].map(({ networks }) => networks.descriptors(chips, REAL_FACES.length)),
    )
    REAL_FACES.forEach((_, i) => {
      const of = (values: Float32Array) => values.subarray(i * DESCRIPTOR_LENGTH, (i + 1) * DESCRIPTOR_LENGTH)
      const likeness = cosine(of(expected), of(found))
      t.ok(likeness > LEAST_COSINE && likeness < 1, `face ${i}: ${likeness}`)
    })
    t.equal(integers.networks.precision, 'int8')
  })

  t.test(`${runtime}: the faces found in 8 bits are those found in 32`, { skip }, async (t) => {
    if (typeof floats === 'string' || typeof integers === 'string') return t.fail(String(integers))
    const images = batchOf(await Promise.all(REAL_FACES.map((face) => facePixels(face, 2, DETECTOR_SIZE))))
    const [expected, found] = await Promise.all(
      [floats, integers].map(async ({ networks }) => bestBoxes(await networks.detect(images, DETECTOR_SIZE, COUNT))),
    )
    expected.forEach(({ score, box }, i) => {
      t.ok(Math.abs(score - found[i].score) < MOST_SCORE_DIFFERENCE, `face ${i}: ${score}, ${found[i].score}`)
      t.ok(intersectionOverUnion(box, found[i].box) > LEAST_OVERLAP, `face ${i}`)
    })
    await Promise.all([floats.networks.close(), integers.networks.close()])
  })
}

/** The surest box of each image. */
function bestBoxes({ boxes, scores }: DetectorOutput) {
  const anchors = scores.length / COUNT
  return REAL_FACES.map((_, i) => {
    const own = scores.subarray(i * anchors, (i + 1) * anchors)
    const score = Math.max(...own)
    const [top, left, bottom, right] = boxes.subarray(4 * (i * anchors + own.indexOf(score)))
    return { score, box: { x: left, y: top, width: right - left, height: bottom - top } }
  })
}

function cosine(p: Float32Array, q: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)
  return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q))
}
