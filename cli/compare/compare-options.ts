import { readConfig } from '../../lib/config.js'
import { LARGEST_DISTANCE } from '../../lib/face/largest-distance.js'
import { DEFAULT_PRESET, PRESET_NAMES } from '../../lib/face/presets.js'
import { RUNTIME_NAMES } from '../../lib/runtime/face-networks.js'
import { DEFAULT_FALSE_MATCH_RATE } from '../../lib/verdict.js'
import { FACES } from '../../schemas/compare.js'
import { parseArguments, parseChoice, parseNumberBetween, UsageError } from '../arguments.js'
import type { CommandOption } from '../command.js'
import type { LocalOptions } from './compare-here.js'
import type { Wishes } from './comparer.js'
import { checkDrawingPath } from './drawing-path.js'

const ENGINES = ['auto', ...RUNTIME_NAMES] as const

export const COMPARE_OPTIONS = {
  json: { type: 'boolean', default: false, help: 'print the JSON that POST /compare replies with, and nothing else' },
  annotate: {
    type: 'string',
    value: 'FILE',
    help: 'draw both photos with faces and verdict into FILE: .jpg, .png or .webp',
  },
  threshold: {
    type: 'string',
    value: 'N',
    help: `largest distance that counts as the same person, above 0 and below ${LARGEST_DISTANCE}`,
  },
  'false-match-rate': {
    type: 'string',
    value: 'N',
    help: `how often two different people may be taken for the same; the threshold follows from it
(default: FACEMETRIC_FALSE_MATCH_RATE, or ${DEFAULT_FALSE_MATCH_RATE}); not together with --threshold`,
  },
  faces: {
    type: 'string',
    value: 'HOW',
    default: 'largest',
    choices: FACES,
    help: `which of several faces counts
largest: the largest near the middle (default)
single: refuse a photo with more than one face
any: the two faces that are most alike`,
  },
  preset: {
    type: 'string',
    value: 'NAME',
    choices: PRESET_NAMES,
    help: `${PRESET_NAMES.join(', ')}; accurate takes longer, fastest less long (default: FACEMETRIC_PRESET, or ${DEFAULT_PRESET})`,
  },
  engine: {
    type: 'string',
    value: 'NAME',
    choices: ENGINES,
    help: `${ENGINES.join(', ')}
(default: FACEMETRIC_ENGINE, or auto, the first that loads)`,
  },
  server: { type: 'string', value: 'URL', help: 'have a running service compare, instead of doing it here' },
  'api-key': {
    type: 'string',
    value: 'KEY',
    help: 'for a service that wants one (default: FACEMETRIC_API_KEY, which other users of the machine do not see)',
  },
} as const satisfies Record<string, CommandOption>

/** What only holds where the comparison is made here; a service has its own. */
const LOCAL_ONLY = ['engine', 'preset', 'false-match-rate'] as const

/** Who compares: this process, or a service. */
export type Where = { readonly here: LocalOptions } | { readonly server: URL; readonly apiKey?: string }

export interface CompareArguments {
  readonly reference: string
  /** What was given for the photos to be checked: files, folders, patterns. */
  readonly lives: readonly string[]
  readonly wishes: Wishes
  readonly where: Where
  readonly json: boolean
  /** Where the drawing goes. */
  readonly annotate?: string
}

/**
 * The command line, and what of the environment holds where it says nothing.
 * @throws UsageError
 */
export function readCompareArguments(args: readonly string[], env: NodeJS.ProcessEnv): CompareArguments {
  const operands = { needed: ['REFERENCE', 'LIVE'], several: true }
  const { values, positionals } = parseArguments(args, COMPARE_OPTIONS, operands)
  const { threshold, json, annotate, server } = values
  const [reference, ...lives] = positionals
  if (annotate !== undefined) checkDrawingPath(annotate)
  if (threshold !== undefined && values['false-match-rate'] !== undefined) {
    throw new UsageError(
      '--threshold and --false-match-rate cannot go together: the rate is another way to say the threshold',
    )
  }
  return {
    reference,
    lives,
    wishes: {
      threshold:
        threshold === undefined ? undefined : parseNumberBetween('--threshold', threshold, 0, LARGEST_DISTANCE),
      faces: parseChoice('--faces', values.faces, FACES),
    },
    where: server === undefined ? { here: readLocalOptions(values, env) } : readServer(server, values, env),
    json,
    annotate,
  }
}

type Values = ReturnType<typeof parseArguments<typeof COMPARE_OPTIONS>>['values']

function readLocalOptions(values: Values, env: NodeJS.ProcessEnv): LocalOptions {
  if (values['api-key'] !== undefined) throw new UsageError('--api-key is for a service: --server names it')
  const { maxPixels, samePhoto, minQuality, precision, timeout, workerMemory, ...config } = readConfig(env)
  const { engine, preset, 'false-match-rate': rate } = values
  return {
    runtime: engine === undefined ? config.engine : parseChoice('--engine', engine, ENGINES),
    preset: preset === undefined ? config.preset : parseChoice('--preset', preset, PRESET_NAMES),
    falseMatchRate: rate === undefined ? config.falseMatchRate : parseNumberBetween('--false-match-rate', rate, 0, 1),
    precision,
    maxPixels,
    samePhoto,
    minQuality,
    timeout,
    workerMemory,
  }
}

function readServer(text: string, values: Values, env: NodeJS.ProcessEnv): Where {
  for (const name of LOCAL_ONLY) {
    if (values[name] !== undefined) throw new UsageError(`--${name} is for comparing here; a service has its own`)
  }
  const server = URL.canParse(text) ? new URL(text) : undefined
  if (server === undefined || !/^https?:$/.test(server.protocol)) {
    throw new UsageError(`--server takes a URL such as http://localhost:5000; got '${text}'`)
  }
  return { server, apiKey: values['api-key'] ?? (env.FACEMETRIC_API_KEY || undefined) }
}
