import {
  CALIBRATION_FILE,
  type Calibration,
  DEFAULT_FALSE_MATCH_RATE,
  readCalibration,
  thresholdFor,
} from '../../lib/verdict.js'
import { calibrate, writeCalibration } from '../calibrate.js'
import { describePhotos } from '../describe-photos.js'
import { plotDistances, plotErrorRates } from '../error-plots.js'
import { evaluate, type MeasuredSet, measureDistances } from '../evaluation.js'
import { formatReport, makeReport } from '../evaluation-report.js'
import { readPairSet } from '../pair-set.js'
import type { Suite, SuiteOptions } from './suite.js'

/** Pairs of a kind in each fold of a quick look. */
const QUICK_LIMIT = 10

/** How well the service tells people apart; with `calibrate`, where its thresholds come from. */
export const lfw: Suite = {
  name: 'lfw',
  measures: 'accuracy and error rates over the listed pairs and all combinations of different people',
  async run(options, signal) {
    const { list, photos } = await readPairSet(options, QUICK_LIMIT)
    const calibration = options.calibrate ? undefined : await readCalibration(options.preset)
    const described = await describePhotos(photos, options, signal)
    const measured = measureDistances(list, photos, described)
    const threshold = thresholdFor(calibration ?? (await recalibrate(measured, options)), DEFAULT_FALSE_MATCH_RATE)
    const report = makeReport(evaluate(measured, list.folds, threshold), photos.length, described)
    const plots = {
      distances: plotDistances(measured, threshold),
      'error-rates': plotErrorRates([{ name: options.preset, set: measured }]),
    }
    return { text: formatReport(report), data: report, plots }
  },
}

async function recalibrate(measured: MeasuredSet, { name, preset, seed }: SuiteOptions): Promise<Calibration> {
  const calibration = calibrate(name, measured, seed)
  await writeCalibration(calibration, preset, CALIBRATION_FILE)
  process.stderr.write(`wrote ${CALIBRATION_FILE}\n`)
  return calibration
}
