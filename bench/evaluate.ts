import {
  CALIBRATION_FILE,
  type Calibration,
  DEFAULT_FALSE_MATCH_RATE,
  readCalibration,
  thresholdFor,
} from '../lib/verdict.js'
import { calibrate, writeCalibration } from './calibrate.js'
import { runCommand } from './command.js'
import { describePhotos } from './describe-photos.js'
import { EVALUATE_USAGE, parseEvaluateOptions } from './evaluate-options.js'
import { evaluate, genuineDistances, type MeasuredSet, measureDistances } from './evaluation.js'
import { formatReport, makeReport } from './evaluation-report.js'
import { readPairs, takePairs } from './lfw-pairs.js'
import { findPhotos, type PhotoFile } from './photo-files.js'
import { Progress } from './progress.js'

type Options = NonNullable<ReturnType<typeof parseEvaluateOptions>>

async function main(signal: AbortSignal): Promise<void> {
  const options = parseEvaluateOptions(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(EVALUATE_USAGE)
    return
  }
  const list = takePairs(await readPairs(options.pairs), options.limit)
  const photos = await findPhotos(list, options.images)
  const calibration = options.calibrate ? undefined : await readCalibration()
  const described = await describe(photos, options, signal)
  const measured = measureDistances(list, photos, described)
  const threshold = thresholdFor(calibration ?? (await recalibrate(measured, options.name)), DEFAULT_FALSE_MATCH_RATE)
  const report = makeReport(evaluate(measured, list.folds, threshold), photos.length, described)
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : formatReport(report)}\n`)
}

async function describe(photos: readonly PhotoFile[], { runtime, processes }: Options, signal: AbortSignal) {
  const progress = new Progress(photos.length, 'photo')
  try {
    return await describePhotos(photos, { runtime, processes, signal, onPhoto: () => progress.step() })
  } finally {
    progress.clear()
  }
}

async function recalibrate(measured: MeasuredSet, name: string): Promise<Calibration> {
  const calibration = calibrate(name, genuineDistances(measured), measured.impostors)
  await writeCalibration(calibration, CALIBRATION_FILE)
  process.stderr.write(`wrote ${CALIBRATION_FILE}\n`)
  return calibration
}

await runCommand(EVALUATE_USAGE, main)
