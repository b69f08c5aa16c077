import type { ParseArgsConfig, parseArgs } from 'node:util'
import { parseArguments, parseChoice, UsageError } from '../cli/arguments.js'
import { DEFAULT_PRESET, PRESET_NAMES, type PresetName } from '../lib/face/presets.js'
import { RUNTIME_NAMES } from '../lib/runtime/face-networks.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'

export { parseChoice, UsageError } from '../cli/arguments.js'

/** What --runtime may be. */
const RUNTIMES: readonly RuntimeChoice[] = ['auto', ...RUNTIME_NAMES]
/** The line about it in a usage. */
export const RUNTIME_USAGE = `${RUNTIMES.join(', ')}; default: auto, the first that loads`
/** The option of measurements that are of one preset, and the line about it. */
export const PRESET_OPTION = { preset: { type: 'string', default: DEFAULT_PRESET } } as const
export const PRESET_USAGE = `${PRESET_NAMES.join(', ')}; default: ${DEFAULT_PRESET}`
/** Options that most measurements have. */
export const COMMON_OPTIONS = {
  runtime: { type: 'string', default: 'auto' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** @throws UsageError unless it is a runtime, or `auto` */
export function parseRuntime(text: string): RuntimeChoice {
  return parseChoice('--runtime', text, RUNTIMES)
}

/** @throws UsageError unless it is a preset */
export function parsePreset(text: string): PresetName {
  return parseChoice('--preset', text, PRESET_NAMES)
}

/**
 * The values of the options; no argument may stand without an option.
 * @throws UsageError
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>>['values'] {
  return parseArguments(args, options).values
}

/** @throws UsageError unless the text is a whole number from `least` on */
export function parseCount(option: string, text: string, least = 1): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least) {
    throw new UsageError(`--${option} takes a whole number from ${least} on; got ${text}`)
  }
  return Number(text)
}

/**
 * Runs a command: prints its errors without a stack trace and sets the exit code: 1 for a failure, 2 for wrong usage,
 * 128 + number of the signal that ended it.
 */
export async function runCommand(usage: string, command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController()
  for (const [name, number] of Object.entries({ SIGINT: 2, SIGTERM: 15 })) {
    process.once(name, () => {
      process.exitCode = 128 + number
      controller.abort()
    })
  }
  try {
    await command(controller.signal)
  } catch (error) {
    if (controller.signal.aborted) return
    process.exitCode = error instanceof UsageError ? 2 : 1
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    if (error instanceof UsageError) process.stderr.write(`\n${usage}`)
  }
}
