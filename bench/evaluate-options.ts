import path from 'node:path'
import { RUNTIME_NAMES } from '../lib/runtime/face-networks.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { parseChoice, parseCount, parseOptions, UsageError } from './command.js'

const RUNTIMES: readonly RuntimeChoice[] = ['auto', ...RUNTIME_NAMES]

export const EVALUATE_USAGE = `Usage: npm run evaluate -- --images DIR --pairs FILE [options]

Measures how well the service tells people apart, on any set in the format of Labeled Faces in the Wild: photos in
DIR/name/name_0001.jpg (or .png, ...), pairs in FILE as in pairs.txt or pairsDevTest.txt.

  --images DIR        folder of the photos
  --pairs FILE        list of the pairs
  --runtime NAME      ${RUNTIMES.join(', ')}; default: auto, the first that loads
  --processes N       processes that share the work; default: 1, which tells the time an image best
  --limit N           at most N pairs of a kind in each fold: a quick look
  --json              print one JSON object, with every wrong pair
  --calibrate         write weights/calibration.json, where the service takes its thresholds from
  --name TEXT         what the calibration calls the set; default: the name of its folder
  --help              print this

The result goes to standard output, progress to standard error. Exit code 0: done, 1: it failed, 2: wrong usage.
`

export interface EvaluateOptions {
  readonly images: string
  readonly pairs: string
  readonly runtime: RuntimeChoice
  readonly processes: number
  readonly limit: number
  readonly json: boolean
  readonly calibrate: boolean
  readonly name: string
}

/**
 * @returns undefined when only help is asked for
 * @throws UsageError naming the option that is wrong or absent
 */
export function parseEvaluateOptions(args: readonly string[]): EvaluateOptions | undefined {
  const { help, images, pairs, runtime, processes, limit, json, calibrate, name } = parseOptions(args, {
    images: { type: 'string' },
    pairs: { type: 'string' },
    runtime: { type: 'string', default: 'auto' },
    processes: { type: 'string', default: '1' },
    limit: { type: 'string' },
    json: { type: 'boolean', default: false },
    calibrate: { type: 'boolean', default: false },
    name: { type: 'string' },
    help: { type: 'boolean', default: false },
  })
  if (help) return undefined
  if (images === undefined) throw new UsageError('--images DIR is needed')
  if (pairs === undefined) throw new UsageError('--pairs FILE is needed')
  if (calibrate && limit !== undefined) throw new UsageError('--calibrate takes the whole set, without --limit')
  return {
    images,
    pairs,
    runtime: parseChoice('runtime', runtime, RUNTIMES),
    processes: parseCount('processes', processes),
    limit: limit === undefined ? Number.POSITIVE_INFINITY : parseCount('limit', limit),
    json,
    calibrate,
    name: name ?? path.basename(path.resolve(images)),
  }
}
