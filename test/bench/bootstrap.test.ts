import t from 'tap'
import { boundFalseMatchRates, boundFalseNonMatchRates } from '../../bench/bootstrap.js'
import type { DescribedPhoto } from '../../bench/impostor-distances.js'
import { Random } from '../../bench/random.js'
import { descriptorDistance } from '../../lib/face/descriptors.js'

const PEOPLE = 200
/** Places on a line from 0 to 1, by chance: two people are closer than t in a share of 2 t - t^2 of the pairs. */
const random = new Random(7)
const scattered: DescribedPhoto[] = Array.from({ length: PEOPLE }, (_, i) => ({
  person: `P${i}`,
  descriptor: Float32Array.of(random.below(1e6) / 1e6),
}))

t.test('the bounds of a false match rate hold the rate, and are wider where fewer pairs bear it out', async (t) => {
  const thresholds = [0.5, 0.05, 0.005]
  const bounds = boundFalseMatchRates(scattered, thresholds, new Random(1), descriptorDistance)
  t.equal(bounds.length, 3)
  bounds.forEach(({ lower, upper }, i) => {
    const rate = 2 * thresholds[i] - thresholds[i] ** 2
    t.ok(lower < rate && rate < upper, `${lower} < ${rate} < ${upper}`)
  })
  const spread = bounds.map(({ lower, upper }) => upper / lower)
  t.ok(spread[0] < spread[1] && spread[1] < spread[2], `${spread}`)
})

t.test('somebody whom everybody is taken for makes a rate less certain than the same number among all', async (t) => {
  // 199 of the 19,900 pairs match either way: all with one person, or each person with the next.
  const one = Array.from({ length: PEOPLE }, (_, i) => ({
    person: `P${i}`,
    descriptor: Float32Array.from({ length: PEOPLE }, (_, axis) => (i === 0 ? 0 : i === axis ? 1 : 0)),
  }))
  const chain = Array.from({ length: PEOPLE }, (_, i) => ({ person: `P${i}`, descriptor: Float32Array.of(i) }))
  const [hub] = boundFalseMatchRates(one, [1], new Random(1), descriptorDistance)
  const [spread] = boundFalseMatchRates(chain, [1], new Random(1), descriptorDistance)
  t.equal(hub.lower, 0, 'whoever is not drawn leaves no false match')
  t.ok(spread.lower > 0.007 && spread.upper < 0.0135, `${spread.lower} to ${spread.upper}`)
  t.ok(hub.upper > 0.02, `${hub.upper}`)
})

t.test('somebody with himself is no pair, however often he is drawn', async (t) => {
  const pair = [0, 1, 2].map((x) => ({ person: `P${x}`, descriptor: Float32Array.of(5 * x) }))
  t.strictSame(boundFalseMatchRates([...pair, { ...pair[0] }], [1], new Random(1), descriptorDistance), [
    { lower: 0, upper: 0 },
  ])
})

t.test('the bounds of a false non-match rate hold the rate', async (t) => {
  const pairs = Array.from({ length: 500 }, (_, i) => {
    const photo = { person: `P${i % PEOPLE}`, number: 1 }
    return { first: photo, second: photo, same: true, fold: 0, distance: (i % 10) / 10 }
  })
  const [{ lower, upper }] = boundFalseNonMatchRates(pairs, [0.8], new Random(1))
  t.ok(lower > 0.05 && lower < 0.1 && upper > 0.1 && upper < 0.15, `0.1 lies between ${lower} and ${upper}`)
})
