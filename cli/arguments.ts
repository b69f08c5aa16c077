import { type ParseArgsConfig, parseArgs } from 'node:util'

/** A command line that cannot be understood; the message says what was expected and what was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * node's parseArgs, with its complaints as UsageError.
 * @param operands what stands without an option, by name and in order; all of them are needed
 * @throws UsageError
 */
export function parseArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  operands: readonly string[] = [],
): ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>> {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true })
    checkOperands(parsed.positionals, operands)
    return parsed
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      // What comes after the first sentence is advice on names that begin with a dash.
      throw new UsageError(lowerFirst(error.message.split('. ')[0]))
    }
    throw error
  }
}

function checkOperands(given: readonly string[], expected: readonly string[]): void {
  if (given.length < expected.length) throw new UsageError(`missing: ${expected.slice(given.length).join(', ')}`)
  if (given.length > expected.length) throw new UsageError(`one argument too many: '${given[expected.length]}'`)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** @throws UsageError unless the text is one of the choices */
export function parseChoice<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === text)
  if (choice === undefined) throw new UsageError(`--${option} takes one of ${choices.join(', ')}; got '${text}'`)
  return choice
}

/** @throws UsageError unless the text is a number between the limits, which are not allowed themselves */
export function parseNumberBetween(option: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value > low && value < high)) {
    throw new UsageError(`--${option} takes a number above ${low} and below ${high}; got '${text}'`)
  }
  return value
}
