import path from 'node:path'
import { layColumns } from '../cli/columns.js'
import { PRESET_NAMES } from '../lib/face/presets.js'
import {
  COMMON_OPTIONS,
  PRESET_OPTION,
  PRESET_USAGE,
  parseCount,
  parseOptions,
  parsePreset,
  parseRuntime,
  RUNTIME_USAGE,
  UsageError,
} from './command.js'
import type { Suite, SuiteOptions } from './suites/suite.js'
import { SUITES } from './suites.js'

const [DEFAULT_SUITE] = SUITES
/** What stands for every preset. */
const ALL_PRESETS = 'all'
const OF_ALL_PRESETS = SUITES.filter(({ ofPresets }) => ofPresets)
  .map(({ name }) => name)
  .join(', ')

const PAIRS_FORMAT = [
  ['  10<TAB>300', '10 folds, in each 300 pairs of the same person, then 300 of different people'],
  ['  Anna_Lee<TAB>1<TAB>4', 'the same person: Anna_Lee/Anna_Lee_0001 and Anna_Lee/Anna_Lee_0004'],
  ['  Anna_Lee<TAB>2<TAB>Bert<TAB>1', 'different people: Anna_Lee/Anna_Lee_0002 and Bert/Bert_0001'],
]

export const EVALUATE_USAGE = `Usage: npm run evaluate -- [SUITE] --images DIR --pairs FILE [options]

Measures on any set in the format of Labeled Faces in the Wild. SUITE says what; default: ${DEFAULT_SUITE.name}.

${layColumns(SUITES.map(({ name, measures }) => [`  ${name}`, measures]))}

The photos are DIR/NAME/NAME_0001.jpg, NAME_0002.jpg and so on (or .png, ...), a folder for each person. FILE lists pairs of them,
with a tab between the columns, here written as <TAB>:

${layColumns(PAIRS_FORMAT)}

Without folds the first line is the number of pairs of each kind alone: they are cut into ten folds, fewer where there are fewer
pairs. At least two are needed, as each fold is judged by the threshold that is best on the others.

  --images DIR        folder of the photos
  --pairs FILE        list of the pairs
  --runtime NAME      ${RUNTIME_USAGE}
  --preset NAME       ${PRESET_USAGE}; or (${OF_ALL_PRESETS}) ${ALL_PRESETS}
  --processes N       processes that share the work; default: 1, which tells the time an image best
  --limit N           at most N pairs of a kind in each fold: a quick look
  --quick             a slice of seconds: shows that the suite works
  --seed N            what chance starts from, where a suite leaves something to it; default: 1
  --out DIR           also write SUITE.json and the plots, SUITE-NAME.svg, into DIR
  --json              print one JSON object; of ${DEFAULT_SUITE.name} with every wrong pair
  --calibrate         (${DEFAULT_SUITE.name}) write the presets' tables in weights/calibration.json, where the service takes its thresholds from
  --name TEXT         what the calibration calls the set; default: the name of its folder
  --help              print this

The result goes to standard output, progress to standard error. Exit code 0: done, 1: it failed, 2: wrong usage.
`

export interface Evaluate {
  readonly suite: Suite
  readonly options: SuiteOptions
  readonly json: boolean
  /** Folder for the JSON and the plots. */
  readonly out: string | undefined
}

/**
 * @returns undefined when only help is asked for
 * @throws UsageError naming the option that is wrong or absent
 */
export function parseEvaluateOptions(args: readonly string[]): Evaluate | undefined {
  const named = args.length > 0 && !args[0].startsWith('-')
  const values = parseOptions(named ? args.slice(1) : args, {
    images: { type: 'string' },
    pairs: { type: 'string' },
    ...COMMON_OPTIONS,
    ...PRESET_OPTION,
    processes: { type: 'string', default: '1' },
    limit: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    calibrate: { type: 'boolean', default: false },
    name: { type: 'string' },
  })
  if (values.help) return undefined
  const suite = named ? findSuite(args[0]) : DEFAULT_SUITE
  const { images, pairs, runtime, preset, processes, limit, quick, seed, out, json, calibrate, name } = values
  if (images === undefined) throw new UsageError('--images DIR is needed')
  if (pairs === undefined) throw new UsageError('--pairs FILE is needed')
  const presets = preset === ALL_PRESETS ? PRESET_NAMES : [parsePreset(preset)]
  if (presets.length > 1 && !suite.ofPresets) {
    throw new UsageError(`--preset ${ALL_PRESETS} is for the suites ${OF_ALL_PRESETS}`)
  }
  if (calibrate && suite !== DEFAULT_SUITE) throw new UsageError(`--calibrate is for the suite ${DEFAULT_SUITE.name}`)
  if (calibrate && limit !== undefined) throw new UsageError('--calibrate takes the whole set, without --limit')
  if (calibrate && quick) throw new UsageError('--calibrate takes the whole set, without --quick')
  return {
    suite,
    options: {
      images,
      pairs,
      runtime: parseRuntime(runtime),
      preset: presets[0],
      presets,
      processes: parseCount('processes', processes),
      limit: limit === undefined ? Number.POSITIVE_INFINITY : parseCount('limit', limit),
      quick,
      seed: parseCount('seed', seed),
      calibrate,
      name: name ?? path.basename(path.resolve(images)),
    },
    json,
    out,
  }
}

function findSuite(name: string): Suite {
  const suite = SUITES.find((known) => known.name === name)
  if (suite === undefined) {
    throw new UsageError(`there is no suite '${name}'; there are: ${SUITES.map((known) => known.name).join(', ')}`)
  }
  return suite
}
