import t from 'tap'
import { areaUnderCurve } from '../../bench/error-rates.js'
import { fitLogistic, predict } from '../../bench/logistic-regression.js'
import { Random } from '../../bench/random.js'

t.test('a logistic regression finds the odds that the labels were drawn with', (t) => {
  const random = new Random(7)
  const rows = Array.from({ length: 20_000 }, () => [random.normal(), random.normal(), 0])
  const truth = { intercept: -1, weights: [2, -0.5, 0] }
  const labels = rows.map((row) => random.next() < predict(truth, row))
  const { intercept, weights } = fitLogistic(rows, labels)
  t.ok(Math.abs(intercept + 1) < 0.1, `${intercept}`)
  for (const [i, weight] of truth.weights.entries()) t.ok(Math.abs(weights[i] - weight) < 0.1, `${weights[i]}`)
  t.end()
})

t.test('the area under the curve is the share of pairs in the right order', (t) => {
  t.equal(areaUnderCurve([1, 2], [3, 4]), 1)
  t.equal(areaUnderCurve([3, 4], [1, 2]), 0)
  t.equal(areaUnderCurve([1, 1], [1, 1]), 0.5)
  t.equal(areaUnderCurve([1, 3], [2, 4]), 0.75)
  t.end()
})
