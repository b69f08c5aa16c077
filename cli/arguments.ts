import { type ParseArgsConfig, parseArgs } from 'node:util'
import { closestMatch } from 'leven'

/** Letters that may be wrong in a word for it to be taken for another: more than that is no slip of the finger. */
const MOST_SLIPS = 2

/** A command line that cannot be understood; the message says what was expected and what was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** How many arguments without an option there may be. */
export interface OperandNames {
  /** In order; each has to be there. */
  readonly needed: readonly string[]
  /** Whether the last may be several. */
  readonly several?: boolean
}

/**
 * node's parseArgs, with its complaints as UsageError.
 * @param operands what stands without an option
 * @throws UsageError
 */
export function parseArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  operands: OperandNames = { needed: [] },
): ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>> {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true })
    checkOperands(parsed.positionals, operands)
    return parsed
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      // What comes after the first sentence is advice on names that begin with a dash.
      const message = lowerFirst(error.message.split('. ')[0])
      const unknown = /^unknown option '(--?[^']+)'/.exec(message)?.[1]
      throw new UsageError(unknown === undefined ? message : message + didYouMean(unknown, dashed(options)))
    }
    throw error
  }
}

function dashed(options: object): string[] {
  return [...Object.keys(options), 'help'].map((name) => `--${name}`)
}

/** The end of a complaint about an unknown word: which one was perhaps meant. Empty where none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  // Two wrong letters of three are another word.
  const maxDistance = Math.min(MOST_SLIPS, Math.floor(word.length / 2))
  const closest = closestMatch(word, known, { maxDistance })
  return closest === undefined ? '' : `. Did you mean '${closest}'?`
}

function checkOperands(given: readonly string[], { needed, several = false }: OperandNames): void {
  if (given.length < needed.length) throw new UsageError(`missing: ${needed.slice(given.length).join(', ')}`)
  if (given.length > needed.length && !several) {
    throw new UsageError(`one argument too many: '${given[needed.length]}'`)
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** @throws UsageError unless the text is one of the choices */
export function parseChoice<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === text)
  if (choice === undefined) {
    throw new UsageError(`${option} takes one of ${choices.join(', ')}; got '${text}'${didYouMean(text, choices)}`)
  }
  return choice
}

/** @throws UsageError unless the text is a number between the limits, which are not allowed themselves */
export function parseNumberBetween(option: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value > low && value < high)) {
    throw new UsageError(`${option} takes a number above ${low} and below ${high}; got '${text}'`)
  }
  return value
}
