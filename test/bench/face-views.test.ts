import t from 'tap'
import { VARIANTS } from '../../bench/face-variants.js'
import { sampleView } from '../../bench/face-views.js'
import { Random } from '../../bench/random.js'
import { CHIP_LENGTH, sampleChip } from '../../lib/face/chip.js'
import { clearChips } from '../../lib/face/clear-chip.js'
import { FIRST_INNER_POINT, MEAN_SHAPE } from '../../lib/face/mean-shape.js'

const SIDE = 240
/** As an average face lies in the picture; the outline, which comes first, places no chip. */
const points = [
  ...new Array(FIRST_INNER_POINT).fill({ x: 0, y: 0 }),
  ...MEAN_SHAPE.map(([x, y]) => ({ x: SIDE * (0.25 + x / 2), y: SIDE * (0.25 + y / 2) })),
]
const views = VARIANTS.find(({ name }) => name === 'chip and mirror image')!.views

/** @param values which bytes chance chooses from */
function patchOf(values: readonly number[]) {
  const random = new Random(1)
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => random.pick(values))
  return { image: { width: SIDE, height: SIDE, data }, fromPhoto: { a: 1, b: 0, tx: 0, ty: 0 } }
}

for (const [kind, values] of Object.entries({
  'a calm': [128],
  'a noisy': [0, 80, 160],
  'an overexposed': [120, 255, 255, 255],
})) {
  t.test(`variants are compared with what the service makes of ${kind} photo`, async (t) => {
    const patch = patchOf(values)
    const chips = new Float32Array(2 * CHIP_LENGTH)
    clearChips(chips, sampleChip(patch, points, { lower: 0, mirrored: true }, chips, 0))
    const seen = new Float32Array(2 * CHIP_LENGTH)
    for (const [i, view] of views.entries())
      sampleView(patch, { service: points, averaged: points }, view, seen, i * CHIP_LENGTH)
    t.ok(chips.every((value, i) => Math.abs(value - seen[i]) < 1e-3))
  })
}
