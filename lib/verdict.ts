import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { LARGEST_DISTANCE } from './face/largest-distance.js'
import { DEFAULT_PRESET, type PresetName } from './face/presets.js'
import { PACKAGE_ROOT } from './package-root.js'

/** Where the calibration tables lie; `npm run evaluate -- --calibrate` writes it. */
export const CALIBRATION_FILE = path.join(PACKAGE_ROOT, 'weights', 'calibration.json')
/** The false match rate that the default threshold stands for. */
export const DEFAULT_FALSE_MATCH_RATE = 1e-3
/** More than floating-point numbers of the table lose. */
const ROUNDING = 1e-6

const Rate = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })
const Bounds = (of: string) =>
  Type.Object(
    { lower: Rate('Not below'), upper: Rate('Not above') },
    { description: `Between these ${of} lies with 95 % confidence, by a bootstrap over people` },
  )

export const CalibrationSchema = Type.Object({
  dataset: Type.String({ description: 'What it was measured on' }),
  people: Type.Integer({ minimum: 2, description: 'How many people it shows' }),
  impostor_pairs: Type.Integer({ minimum: 1, description: 'Pairs of photos of different people' }),
  genuine_pairs: Type.Integer({ minimum: 1, description: 'Pairs of photos of the same person' }),
  points: Type.Array(
    Type.Object({
      false_match_rate: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
      false_match_bounds: Bounds('the false match rate'),
      threshold: Type.Number({ minimum: 0, maximum: LARGEST_DISTANCE }),
      false_non_match_rate: Rate('Share of the genuine pairs that are refused'),
      false_non_match_bounds: Bounds('the false non-match rate'),
    }),
    { minItems: 2, description: 'Falling false match rate, and so falling threshold' },
  ),
})

/** A table for each preset. */
export const CalibrationsSchema = Type.Object({
  fastest: CalibrationSchema,
  fast: CalibrationSchema,
  accurate: CalibrationSchema,
} satisfies Record<PresetName, typeof CalibrationSchema>)
export type Calibrations = Static<typeof CalibrationsSchema>

/** How the error rates follow from the threshold, measured. */
export type Calibration = Static<typeof CalibrationSchema>

/** @throws Error when the table is absent or not of the form it should have */
export async function readCalibration(preset: PresetName = DEFAULT_PRESET): Promise<Calibration> {
  return (await readCalibrations())[preset]
}

/** @throws Error when a table is absent or not of the form it should have */
export async function readCalibrations(file = CALIBRATION_FILE): Promise<Calibrations> {
  return Value.Parse(CalibrationsSchema, JSON.parse(await readFile(file, 'utf8')))
}

/**
 * How often two different people come as close as `distance` or closer: between the points of the table linear in the
 * logarithm of the rate. Below the table's smallest rate there is no data, so no smaller rate is claimed.
 */
export function falseMatchRateAt({ points }: Calibration, distance: number): number {
  const upper = points.findLastIndex(({ threshold }) => threshold >= distance)
  if (upper === -1) return 1
  if (upper === points.length - 1) return points[upper].false_match_rate
  const [p, q] = [points[upper], points[upper + 1]]
  const share = (distance - q.threshold) / (p.threshold - q.threshold)
  return q.false_match_rate * (p.false_match_rate / q.false_match_rate) ** share
}

/**
 * The threshold that gives a false match rate, interpolated as in `falseMatchRateAt`.
 * @throws RangeError when the table has no data for that rate
 */
export function thresholdFor({ points }: Calibration, falseMatchRate: number): number {
  const [first, last] = [points[0], points[points.length - 1]]
  if (!(falseMatchRate <= first.false_match_rate && falseMatchRate >= last.false_match_rate)) {
    throw new RangeError(
      `the false match rate (FACEMETRIC_FALSE_MATCH_RATE) must lie between ${last.false_match_rate} and ${first.false_match_rate}, where it was measured; got ${falseMatchRate}`,
    )
  }
  const lower = Math.max(
    1,
    points.findIndex((point) => point.false_match_rate <= falseMatchRate),
  )
  const [p, q] = [points[lower - 1], points[lower]]
  const share = Math.log(falseMatchRate / q.false_match_rate) / Math.log(p.false_match_rate / q.false_match_rate)
  return q.threshold + share * (p.threshold - q.threshold)
}

/**
 * How many tries a threshold leaves room for, so that `thresholdForTries` has data: its false match rate shared among them
 * must be one that was measured.
 */
export function mostTries(calibration: Calibration, threshold: number): number {
  const least = calibration.points[calibration.points.length - 1].false_match_rate
  return Math.floor(falseMatchRateAt(calibration, threshold) / least + ROUNDING)
}

/**
 * The threshold to hold each of several tries to, so that the chance of a false match in any of them is no greater than it
 * is for one try at `threshold` (union bound: the sum of their rates). Rounded to the safe side.
 * @param tries at most `mostTries`
 */
export function thresholdForTries(calibration: Calibration, threshold: number, tries: number): number {
  if (tries === 1) return threshold
  const exact = thresholdFor(calibration, falseMatchRateAt(calibration, threshold) / tries)
  return Math.floor(exact * 1e4 + ROUNDING) / 1e4
}

/** A distance as a number people can read: 1 at distance 0, 0.5 at the threshold, 0 at the largest distance; linear between. */
export function similarityAt(distance: number, threshold: number): number {
  if (distance <= threshold) return 1 - (0.5 * distance) / threshold
  return (0.5 * (LARGEST_DISTANCE - distance)) / (LARGEST_DISTANCE - threshold)
}
