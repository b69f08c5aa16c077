import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { calibrate, writeCalibration } from '../../bench/calibrate.js'
import type { MeasuredSet } from '../../bench/evaluation.js'
import { ImpostorDistances } from '../../bench/impostor-distances.js'
import { descriptorDistance } from '../../lib/face/descriptors.js'
import {
  CALIBRATION_FILE,
  falseMatchRateAt,
  readCalibration,
  readCalibrations,
  thresholdFor,
} from '../../lib/verdict.js'

/** A millionth: the width of a bin. */
const BIN = 1e-6

function near(t: Test, actual: number, expected: number, tolerance = BIN) {
  t.ok(Math.abs(actual - expected) <= tolerance * 1.001, `${actual} is ${expected} to ${tolerance}`)
}

t.test('impostors are all combinations of photos of different people', async (t) => {
  const distances = ImpostorDistances.between(
    [
      { person: 'A', descriptor: Float32Array.of(1, 0) },
      { person: 'A', descriptor: Float32Array.of(0, 1) },
      { person: 'B', descriptor: Float32Array.of(-1, 0) },
      { person: 'C', descriptor: Float32Array.of(-0.6, 0.8) },
    ],
    descriptorDistance,
  )
  // A1-B 2, A2-B 1.414, A1-C 1.789, A2-C 0.632, B-C 0.894; not A1-A2.
  t.equal(distances.count, 5)
  const shares = [0.6, 0.7, 0.9, 1.5, 1.8, 2].map((threshold) => distances.falseMatchRateAt(threshold))
  t.strictSame(shares, [0, 0.2, 0.4, 0.6, 0.8, 1])
})

t.test('a threshold accepts no more impostors than the rate allows', async (t) => {
  const distances = ImpostorDistances.of([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
  near(t, distances.thresholdFor(0.1), 0.2)
  near(t, distances.thresholdFor(0.19), 0.2)
  near(t, distances.thresholdFor(0.2), 0.3)
  near(t, distances.thresholdFor(0.05), 0.1)
  near(t, distances.thresholdFor(1), 1)
})

/** 100,000 impostors evenly from 0.5 to 1.5: a rate r is reached at 0.5 + r. */
const impostors = ImpostorDistances.of(Array.from({ length: 100_000 }, (_, i) => 0.5 + i / 100_000))
const set: MeasuredSet = {
  trials: [0.1, 0.2, 0.3, 0.4, 0.5, 0.505, 0.55, 0.65, 0.95, Number.POSITIVE_INFINITY].map((distance, i) => {
    const photo = { person: `P${i}`, number: 1 }
    return { distance, same: true, fold: 0, first: photo, second: photo }
  }),
  // 0.1, 0.9 and 1 apart.
  described: [0, 0.1, 1].map((x, i) => ({ person: `P${i}`, descriptor: new Float32Array(128).fill(x) })),
  impostors,
}

t.test('the table holds threshold and both error rates, down to where 30 false matches bear it out', async (t) => {
  const table = calibrate('a test', set, 1)
  t.equal(table.dataset, 'a test')
  t.equal(table.people, 3)
  t.equal(table.impostor_pairs, 100_000)
  t.equal(table.genuine_pairs, 10)
  t.strictSame(
    table.points.map(({ false_match_rate }) => false_match_rate),
    [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005],
  )
  t.match(table.points[0], { false_match_rate: 1, threshold: 1.5, false_non_match_rate: 0.1 })
  t.match(table.points[3], { false_match_rate: 0.1, threshold: 0.6, false_non_match_rate: 0.3 })
  t.match(table.points[9], { false_match_rate: 0.001, threshold: 0.501, false_non_match_rate: 0.5 })
})

t.test('what is written the service reads, and the tables of the other presets stay', async (t) => {
  const file = path.join(t.testdir(), 'calibration.json')
  await copyFile(CALIBRATION_FILE, file)
  await writeCalibration(calibrate('a test', set, 1), 'accurate', file)
  const { fast, fastest, accurate: table } = await readCalibrations(file)
  t.strictSame(fast, await readCalibration('fast'))
  t.strictSame(fastest, await readCalibration('fastest'))
  near(t, thresholdFor(table, 1e-3), 0.501, 1e-9)
  near(t, falseMatchRateAt(table, 0.6), 0.1, 1e-9)
})

t.test('a set too small for the default threshold is refused, and how many it takes is told', async (t) => {
  const few = ImpostorDistances.of(Array(29_999).fill(1))
  t.throws(() => calibrate('a test', { ...set, impostors: few }, 1), {
    message: 'calibration needs 30000 combinations of photos of different people; this set has 29999',
  })
})
