import { stat } from 'node:fs/promises'
import { readConfig } from '../lib/config.js'
import { FaceError } from '../lib/errors.js'
import { DEFAULT_PRESET, PRESET_NAMES } from '../lib/face/presets.js'
import { Problem } from '../lib/problem.js'
import { RUNTIME_NAMES } from '../lib/runtime/face-networks.js'
import { DEFAULT_FALSE_MATCH_RATE, LARGEST_DISTANCE } from '../lib/verdict.js'
import { FACES } from '../schemas/compare.js'
import { parseArguments, parseChoice, parseNumberBetween } from './arguments.js'
import type { Command } from './command.js'
import { describeComparison } from './describe-comparison.js'

const OPTIONS = {
  json: { type: 'boolean', default: false },
  preset: { type: 'string' },
  'false-match-rate': { type: 'string' },
  threshold: { type: 'string' },
  faces: { type: 'string', default: 'largest' },
  engine: { type: 'string' },
} as const

const ENGINES = ['auto', ...RUNTIME_NAMES] as const

export const compare: Command = {
  help: `Usage: facemetric compare REFERENCE LIVE [options]

Says whether two photos show the same person. REFERENCE is the photo that is known to show the person, LIVE the one to be
checked; JPEG, PNG, BMP, GIF, WebP, AVIF or TIFF. No service has to run, and nothing is written or sent anywhere.

Options:
  --json             print the JSON that POST /compare replies with, and nothing else
  --preset NAME      ${PRESET_NAMES.join(', ')} (default: FACEMETRIC_PRESET, or ${DEFAULT_PRESET}); accurate takes longer
  --false-match-rate N
                     how often two different people may be taken for the same; the threshold follows from it
                     (default: FACEMETRIC_FALSE_MATCH_RATE, or ${DEFAULT_FALSE_MATCH_RATE})
  --threshold N      largest distance that counts as the same person, above 0 and below ${LARGEST_DISTANCE}, instead of that one
  --faces HOW        largest: where there are several faces the largest near the middle counts (default)
                     single: refuse a photo with more than one face
                     any: the two faces that are most alike count
  --engine NAME      ${ENGINES.join(', ')} (default: FACEMETRIC_ENGINE, or auto, the first that loads)
  --help             print this

FACEMETRIC_MAX_PIXELS, FACEMETRIC_MIN_QUALITY and FACEMETRIC_SAME_PHOTO hold here as well: facemetric serve --help tells what they are.

Examples:
  facemetric compare passport.jpg selfie.jpg
  facemetric compare passport.jpg selfie.jpg --json | jq .distance
  facemetric compare passport.jpg selfie.jpg --threshold 0.33 --faces single && echo welcome

Exit code 0: the same person, 1: two different people, 2: an error.
`,
  async run(args) {
    const { values, positionals } = parseArguments(args, OPTIONS, ['REFERENCE', 'LIVE'])
    const { json, threshold: limit } = values
    const faces = parseChoice('faces', values.faces, FACES)
    const threshold = limit === undefined ? undefined : parseNumberBetween('threshold', limit, 0, LARGEST_DISTANCE)
    const config = readConfig(process.env)
    const rate = values['false-match-rate']
    const falseMatchRate =
      rate === undefined ? config.falseMatchRate : parseNumberBetween('false-match-rate', rate, 0, 1)
    const runtime = values.engine === undefined ? config.engine : parseChoice('engine', values.engine, ENGINES)
    const preset = values.preset === undefined ? config.preset : parseChoice('preset', values.preset, PRESET_NAMES)
    const { maxPixels, samePhoto, minQuality } = config
    const [reference, live] = positionals
    await checkIsFile(reference)
    await checkIsFile(live)

    const { createFaceEngine } = await import('../lib/create-face-engine.js')
    const engine = await createFaceEngine({
      runtime,
      precision: config.precision,
      preset,
      falseMatchRate,
      maxPixels,
      samePhoto,
      minQuality,
    })
    try {
      const comparison = await engine.compare(reference, live, { threshold, faces })
      const text = json ? JSON.stringify(comparison) : describeComparison(comparison, reference, live)
      process.stdout.write(`${text}\n`)
      return comparison.identical ? 0 : 1
    } catch (error) {
      if (!(error instanceof FaceError)) throw error
      if (json) process.stdout.write(`${JSON.stringify(new Problem(error.code, error.message, error))}\n`)
      const photo = error.field === 'live_image' ? live : reference
      throw new Error(`${photo}: ${error.message}`, { cause: error })
    } finally {
      await engine.close()
    }
  },
}

/** A wrong path is told before seconds go by for loading the networks. */
async function checkIsFile(path: string): Promise<void> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot read ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`)
  })
  if (!stats.isFile()) throw new Error(`cannot read ${path}: it is ${stats.isDirectory() ? 'a folder' : 'no file'}`)
}
