import t from 'tap'
import { quantile, quartiles } from '../../bench/statistics.js'

t.test('the quartiles of five values are three of them', async (t) => {
  t.strictSame(quartiles([50, 10, 40, 20, 30]), { lower: 20, median: 30, upper: 40 })
})

t.test('between two values quartiles are interpolated', async (t) => {
  // Positions 0.75, 1.5 and 2.25 of 0 to 3.
  t.strictSame(quartiles([1, 2, 3, 4]), { lower: 1.75, median: 2.5, upper: 3.25 })
})

t.test('one value is its own quartile', async (t) => {
  t.strictSame(quartiles([7]), { lower: 7, median: 7, upper: 7 })
})

t.test('all but the slowest twentieth', async (t) => {
  t.equal(
    quantile(
      Array.from({ length: 21 }, (_, i) => i),
      0.95,
    ),
    19,
  )
})

t.test('an empty sample is refused', async (t) => {
  t.throws(() => quartiles([]), RangeError)
})
