import t from 'tap'
import { Random } from '../../bench/random.js'
import { clearChips } from '../../lib/face/clear-chip.js'
import { placeLumaOf } from '../../lib/face/luma.js'
import { CHIP_SIZE } from '../../lib/networks/descriptor.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

const LENGTH = CHIP_SIZE * CHIP_SIZE * 3
const [anna] = REAL_FACES

type Chip = (change: (face: Awaited<ReturnType<typeof facePhoto>>) => unknown) => Promise<Float32Array>

/** A face as wide as in a chip, twice: the mirror image does not matter here. */
const chipsOf: Chip = async (change) => {
  const face = (await facePhoto(anna, 1.5)).resize(CHIP_SIZE, CHIP_SIZE)
  change(face)
  const chip = await face.raw().toBuffer()
  return Float32Array.from([...chip, ...chip])
}

function cleared(chips: Float32Array): Float32Array {
  const copy = chips.slice()
  clearChips(copy, placeLumaOf(copy, CHIP_SIZE ** 2))
  t.equal(differenceOf(copy.subarray(0, LENGTH), copy.subarray(LENGTH)), 0, 'both chips are treated alike')
  return copy
}

/** The mean difference of two pictures. */
function differenceOf(p: Float32Array, q: Float32Array): number {
  return p.reduce((sum, value, i) => sum + Math.abs(value - q[i]), 0) / p.length
}

const good = await chipsOf(() => {})

/** The good chips with noise of so much of 255 from end to end, the same each time. */
function withNoise(amount: number): Float32Array {
  const random = new Random(1)
  const noisy = good
    .subarray(0, LENGTH)
    .map((value) => Math.max(0, Math.min(255, value + amount * (random.below(1e6) / 1e6 - 0.5))))
  return Float32Array.from([...noisy, ...noisy])
}

t.test('the chip of a good photo stays as it is', async (t) => {
  t.equal(differenceOf(cleared(good), good), 0)
})

t.test('a noisy chip comes nearer to the good photo', async (t) => {
  const chips = withNoise(160)
  t.ok(differenceOf(cleared(chips), good) < 0.5 * differenceOf(chips, good))
})

t.test('there is no cliff: a little more noise changes a chip little more', async (t) => {
  const [quiet, louder] = [40, 42].map((amount) => withNoise(amount))
  t.ok(differenceOf(cleared(quiet), cleared(louder)) < 2)
})

t.test('an overexposed chip shows its shades again', async (t) => {
  const chips = await chipsOf((face) => face.linear(4, 0))
  const shown = cleared(chips)
  const white = (picture: Float32Array) => picture.filter((value) => value >= 250).length
  t.ok(white(chips) > 0.25 * chips.length, `${white(chips)} of ${chips.length} values are white`)
  t.ok(white(shown) < 0.1 * shown.length)
})

t.test('a chip of a single shade stays within what a pixel may be', async (t) => {
  for (const shade of [0, 128, 255]) {
    const chips = cleared(new Float32Array(2 * LENGTH).fill(shade))
    t.ok(chips.every((value) => value >= 0 && value <= 255))
  }
})
