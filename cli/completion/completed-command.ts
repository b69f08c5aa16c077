import type { Command, CommandOption } from '../command.js'

/** What completion has to know of a command. */
export interface CompletedCommand extends Pick<Command, 'options' | 'operands'> {
  readonly name: string
  readonly summary: string
}

/** An option as it is completed; every command has `--help`. */
export interface CompletedOption {
  readonly name: string
  readonly description: string
  readonly takes: 'nothing' | 'a file' | 'something' | readonly string[]
}

export function completedOptions({ options }: CompletedCommand): CompletedOption[] {
  const own = Object.entries(options).map(([name, option]) => {
    return { name, description: option.help.split('\n')[0], takes: whatFollows(option) }
  })
  return [...own, { name: 'help', description: 'print help', takes: 'nothing' }]
}

function whatFollows({ value, choices }: CommandOption): CompletedOption['takes'] {
  if (choices !== undefined) return choices
  if (value === undefined) return 'nothing'
  return value === 'FILE' ? 'a file' : 'something'
}
