import t from 'tap'
import {
  type Calibration,
  DEFAULT_FALSE_MATCH_RATE,
  falseMatchRateAt,
  mostTries,
  readCalibration,
  similarityAt,
  thresholdFor,
  thresholdForTries,
} from '../lib/verdict.js'

const unbounded = { false_match_bounds: { lower: 0, upper: 1 }, false_non_match_bounds: { lower: 0, upper: 1 } }
const table: Calibration = {
  dataset: 'worked out by hand',
  impostor_pairs: 10_000,
  genuine_pairs: 100,
  people: 50,
  points: [
    { false_match_rate: 1, threshold: 1.4, false_non_match_rate: 0, ...unbounded },
    { false_match_rate: 1e-2, threshold: 0.6, false_non_match_rate: 0.1, ...unbounded },
    { false_match_rate: 1e-4, threshold: 0.4, false_non_match_rate: 0.3, ...unbounded },
  ],
}

const close = (found: number, wanted: number) => Math.abs(found - wanted) < 1e-9

t.test('the false match rate is interpolated in its logarithm', async (t) => {
  t.ok(close(falseMatchRateAt(table, 0.6), 1e-2))
  t.ok(close(falseMatchRateAt(table, 0.5), 1e-3))
  t.ok(close(falseMatchRateAt(table, 1), 0.1))
})

t.test('no rate is claimed below the smallest that was measured, nor above 1', async (t) => {
  t.equal(falseMatchRateAt(table, 0.1), 1e-4)
  t.equal(falseMatchRateAt(table, 1.9), 1)
})

t.test('the threshold for a rate is the inverse of the rate at a distance', async (t) => {
  for (const rate of [1, 0.3, 1e-2, 1e-3, 1e-4]) t.ok(close(falseMatchRateAt(table, thresholdFor(table, rate)), rate))
})

t.test('a rate that was not measured is refused with the range that was', async (t) => {
  t.throws(() => thresholdFor(table, 1e-5), { message: /between 0\.0001 and 1.*got 0\.00001/ })
  t.throws(() => thresholdFor(table, Number.NaN), RangeError)
})

t.test('several tries share the false match rate of one', async (t) => {
  t.equal(thresholdForTries(table, 0.55, 1), 0.55)
  t.equal(thresholdForTries(table, 0.6, 10), 0.5)
  t.equal(mostTries(table, 0.6), 100)
  t.equal(thresholdForTries(table, 0.6, 100), 0.4)
  t.equal(mostTries(table, 0.4), 1)
  t.equal(mostTries(table, 0.1), 1, 'below the table nothing is known')
  for (const tries of [2, 3, 7]) {
    const threshold = thresholdForTries(table, 0.55, tries)
    t.ok(tries * falseMatchRateAt(table, threshold) <= falseMatchRateAt(table, 0.55), 'rounded to the safe side')
  }
})

t.test('similarity is 1 at distance 0, one half at the threshold, 0 at the far end', async (t) => {
  t.equal(similarityAt(0, 0.4), 1)
  t.equal(similarityAt(0.4, 0.4), 0.5)
  t.equal(similarityAt(0.2, 0.4), 0.75)
  t.equal(similarityAt(2, 0.4), 0)
})

t.test('the shipped table falls steadily and holds the default rate', async (t) => {
  const calibration = await readCalibration()
  calibration.points.slice(1).forEach((point, i) => {
    t.ok(point.false_match_rate < calibration.points[i].false_match_rate)
    t.ok(point.threshold < calibration.points[i].threshold)
    t.ok(point.false_non_match_rate >= calibration.points[i].false_non_match_rate)
  })
  for (const { false_match_rate: rate, false_match_bounds: bounds } of calibration.points) {
    t.ok(bounds.lower <= rate && rate <= bounds.upper, `${rate} lies between ${bounds.lower} and ${bounds.upper}`)
  }
  const threshold = thresholdFor(calibration, DEFAULT_FALSE_MATCH_RATE)
  t.ok(threshold > 0.3 && threshold < 0.45, `the default threshold is ${threshold}`)
})
