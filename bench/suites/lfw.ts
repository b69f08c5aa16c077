import type { PresetName } from '../../lib/face/presets.js'
import {
  CALIBRATION_FILE,
  type Calibration,
  DEFAULT_FALSE_MATCH_RATE,
  readCalibration,
  thresholdFor,
} from '../../lib/verdict.js'
import { calibrate, writeCalibration } from '../calibrate.js'
import { formatCalibration } from '../calibration-report.js'
import { describeByPresets } from '../describe-photos.js'
import { plotDistances, plotErrorRates } from '../error-plots.js'
import { evaluate, type MeasuredSet, measureDistances } from '../evaluation.js'
import { formatReport, makeReport } from '../evaluation-report.js'
import { readPairSet } from '../pair-set.js'
import { joinResults } from '../preset-results.js'
import type { Suite, SuiteOptions, SuiteResult } from './suite.js'

/** Pairs of a kind in each fold of a quick look. */
const QUICK_LIMIT = 10

/** How well the service tells people apart; with `calibrate`, where its thresholds come from. */
export const lfw: Suite = {
  name: 'lfw',
  measures: 'accuracy and error rates over the listed pairs and all combinations of different people',
  ofPresets: true,
  async run(options, signal) {
    const { list, photos } = await readPairSet(options, QUICK_LIMIT)
    const results: { preset: PresetName; set: MeasuredSet; result: SuiteResult }[] = []
    for (const { preset, described } of await describeByPresets(photos, options, signal)) {
      signal.throwIfAborted()
      const set = measureDistances(list, photos, described)
      const written = options.calibrate ? await recalibrate(set, preset, options) : undefined
      const threshold = thresholdFor(written ?? (await readCalibration(preset)), DEFAULT_FALSE_MATCH_RATE)
      const report = makeReport(evaluate(set, list.folds, threshold), photos.length, described)
      const text = written ? `${formatReport(report)}\n\n${formatCalibration(written)}` : formatReport(report)
      results.push({ preset, set, result: { text, data: report, plots: { distances: plotDistances(set, threshold) } } })
    }
    const { plots, ...said } = joinResults(results)
    const errorRates = plotErrorRates(results.map(({ preset, set }) => ({ name: preset, set })))
    return { ...said, plots: { ...plots, 'error-rates': errorRates } }
  },
}

async function recalibrate(set: MeasuredSet, preset: PresetName, { name, seed }: SuiteOptions): Promise<Calibration> {
  const calibration = calibrate(name, set, seed)
  await writeCalibration(calibration, preset, CALIBRATION_FILE)
  process.stderr.write(`wrote the table of ${preset} in ${CALIBRATION_FILE}\n`)
  return calibration
}
