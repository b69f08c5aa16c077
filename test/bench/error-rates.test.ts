import t from 'tap'
import {
  crossValidatedAccuracy,
  equalErrorRate,
  mostAccurateThreshold,
  shareAccepted,
  type Trial,
} from '../../bench/error-rates.js'

const NO_FACE = Number.POSITIVE_INFINITY

function trialsOf(genuine: readonly number[], impostors: readonly number[], fold = 0): Trial[] {
  return [
    ...genuine.map((distance) => ({ distance, same: true, fold })),
    ...impostors.map((distance) => ({ distance, same: false, fold })),
  ]
}

t.test('each fold is judged with the threshold that is best on the others', async (t) => {
  // Best on fold 0: 0.375, with which fold 1 has 3 of 4 right. Best on fold 1: 0.3, with which fold 0 has 4 of 4 right.
  const trials = [...trialsOf([0.1, 0.25], [0.5, 0.7], 0), ...trialsOf([0.2, 0.6], [0.4, 0.8], 1)]
  const { mean, standardError } = crossValidatedAccuracy(trials)
  t.equal(mean, 0.875)
  // Deviations of 0.125 and -0.125: variance 0.03125, divided by two folds 0.015625.
  t.equal(standardError, 0.125)
})

t.test('an accuracy over one fold alone is refused', async (t) => {
  t.throws(() => crossValidatedAccuracy(trialsOf([0.1], [0.2])), RangeError)
})

t.test('the most accurate threshold lies in the middle of the gap', async (t) => {
  t.equal(mostAccurateThreshold(trialsOf([0.125, 0.25], [0.5, 0.75])), 0.375)
})

t.test('equal distances are never torn apart by the threshold', async (t) => {
  // With 0.5 for both kinds, accepting all of 0.5 gains one and loses two: better to stop at 0.25.
  t.equal(mostAccurateThreshold(trialsOf([0.25, 0.5], [0.5, 0.5])), 0.375)
})

t.test('where refusing everybody is best, so is a threshold of 0', async (t) => {
  t.equal(mostAccurateThreshold(trialsOf([0.9], [0.1, 0.2])), 0)
})

t.test('a pair in which a photo shows no face counts as different people', async (t) => {
  const trials = [...trialsOf([0.1, NO_FACE], [0.5, NO_FACE], 0), ...trialsOf([0.1, NO_FACE], [0.5, NO_FACE], 1)]
  t.equal(crossValidatedAccuracy(trials).mean, 0.75)
})

t.test('the equal error rate where both rates meet', async (t) => {
  // At 0.5 one impostor of four is accepted, and one genuine pair of four refused.
  t.equal(equalErrorRate(trialsOf([0.1, 0.2, 0.3, 0.6], [0.5, 0.7, 0.8, 0.9])), 0.25)
})

t.test('the equal error rate where they do not meet is the mean where they come closest', async (t) => {
  // At 0.3: false matches 1/2, false non-matches 1/3. At 0.2: 0 and 1/3. At 0.4: 1/2 and 0.
  t.ok(Math.abs(equalErrorRate(trialsOf([0.1, 0.2, 0.4], [0.3, 0.6])) - 5 / 12) < 1e-12)
})

t.test('the equal error rate of people told apart perfectly is 0', async (t) => {
  t.equal(equalErrorRate(trialsOf([0.1, 0.2], [0.3, 0.4])), 0)
})

t.test('the equal error rate counts photos without a face as refused', async (t) => {
  // Half of the genuine pairs are refused at any threshold; half of the impostors are accepted from 0.5 on.
  t.equal(equalErrorRate(trialsOf([0.1, NO_FACE], [0.5, NO_FACE])), 0.5)
})

t.test('the share accepted counts the threshold itself as accepted, and no face as refused', async (t) => {
  t.equal(shareAccepted([0.1, 0.2, 0.3, NO_FACE], 0.2), 0.5)
})
