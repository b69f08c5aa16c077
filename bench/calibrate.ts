import { writeFile } from 'node:fs/promises'
import type { PresetName } from '../lib/face/presets.js'
import { type Calibration, DEFAULT_FALSE_MATCH_RATE, readCalibrations } from '../lib/verdict.js'
import { type Bounds, boundFalseMatchRates, boundFalseNonMatchRates } from './bootstrap.js'
import { shareAccepted } from './error-rates.js'
import { genuineTrials, type MeasuredSet } from './evaluation.js'
import { Random } from './random.js'

/** False match rates that the table has thresholds for, where the set is large enough. */
const FALSE_MATCH_RATES = [
  ...[1, 0.5, 0.2, 0.1],
  ...[0.05, 0.02, 0.01, 0.005, 0.002, 0.001],
  ...[5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5],
  ...[5e-6, 2e-6, 1e-6],
]

/**
 * Fewest false matches from which a rate is claimed: with 30 errors the true rate lies within 30 % of the measured one,
 * with 90 % confidence (Doddington et al., "The NIST speaker recognition evaluation", 2000: the rule of 30).
 */
const LEAST_FALSE_MATCHES = 30

/**
 * The table that the service takes its thresholds and error rates from.
 * @param dataset what to call the set
 * @param seed what the bootstrap's chance starts from
 * @throws RangeError when there are too few photos to measure the false match rate of the default threshold
 */
export function calibrate(dataset: string, set: MeasuredSet, seed: number): Calibration {
  const { impostors, described } = set
  const rates = FALSE_MATCH_RATES.filter((rate) => rate * impostors.count >= LEAST_FALSE_MATCHES)
  if (!rates.includes(DEFAULT_FALSE_MATCH_RATE)) {
    const needed = Math.ceil(LEAST_FALSE_MATCHES / DEFAULT_FALSE_MATCH_RATE)
    throw new RangeError(
      `calibration needs ${needed} combinations of photos of different people; this set has ${impostors.count}`,
    )
  }
  const genuine = genuineTrials(set)
  const distances = genuine.map(({ distance }) => distance)
  const thresholds = rates.map((rate) => roundTo4(impostors.thresholdFor(rate)))
  const falseMatches = boundFalseMatchRates(described, thresholds, new Random(seed))
  const falseNonMatches = boundFalseNonMatchRates(genuine, thresholds, new Random(seed))
  return {
    dataset,
    people: new Set(described.map(({ person }) => person)).size,
    impostor_pairs: impostors.count,
    genuine_pairs: genuine.length,
    points: rates.map((rate, i) => ({
      false_match_rate: rate,
      false_match_bounds: roundBounds(falseMatches[i], (bound) => Number(bound.toPrecision(2))),
      threshold: thresholds[i],
      false_non_match_rate: roundTo4(1 - shareAccepted(distances, thresholds[i])),
      false_non_match_bounds: roundBounds(falseNonMatches[i], roundTo4),
    })),
  }
}

/** Puts the table in the place of a preset's, in the file that the service reads. */
export async function writeCalibration(calibration: Calibration, preset: PresetName, file: string): Promise<void> {
  const tables = { ...(await readCalibrations(file)), [preset]: calibration }
  await writeFile(file, `${JSON.stringify(tables, null, 2)}\n`)
}

function roundBounds({ lower, upper }: Bounds, round: (bound: number) => number): Bounds {
  return { lower: round(lower), upper: round(upper) }
}

function roundTo4(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
