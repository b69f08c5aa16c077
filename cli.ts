#!/usr/bin/env node
import { didYouMean, UsageError } from './cli/arguments.js'
import { paintFor } from './cli/colours.js'
import { layColumns } from './cli/columns.js'
import type { ExitCode } from './cli/command.js'
import { COMMANDS } from './cli/commands.js'
import { VERSION } from './lib/version.js'

const HELP = `Usage: facemetric COMMAND

Face verification: do two photos show the same person?

Commands:
${layColumns(Object.entries(COMMANDS).map(([name, { summary }]) => [`  ${name}`, summary]))}

Options:
  --help, -h       print this; of a command: \`facemetric compare --help\`
  --version, -v    print the version

Examples:
  facemetric serve
  facemetric compare passport.jpg selfie.jpg
  facemetric doctor
  eval "$(facemetric completion bash)"

Exit code 0: yes, or done; 1: no; 2: an error. What that means for a command is told by its own help.
`

async function main([name, ...rest]: readonly string[]): Promise<ExitCode> {
  if (name === '--version' || name === '-v') return print(`${VERSION}\n`)
  if (name === '--help' || name === '-h' || name === 'help') return help(rest[0])
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) return complainOfCommand(name)
  try {
    const command = await COMMANDS[name].load()
    return asksForHelp(rest) ? print(command.help) : await command.run(rest)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return complain(message, error instanceof UsageError ? `facemetric ${name} --help` : undefined)
  }
}

async function help(name: string | undefined): Promise<ExitCode> {
  if (name === undefined) return print(HELP)
  return Object.hasOwn(COMMANDS, name) ? print((await COMMANDS[name].load()).help) : complainOfCommand(name)
}

/** Behind a bare -- everything is the name of a file. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')
}

function print(text: string): ExitCode {
  process.stdout.write(text)
  return 0
}

function complainOfCommand(name: string | undefined): ExitCode {
  const names = Object.keys(COMMANDS)
  const wrong = name === undefined ? 'a command is missing' : `there is no command '${name}'`
  const meant = name === undefined ? '' : didYouMean(name, names)
  return complain(`${wrong}${meant || `; there are ${names.join(', ')}`}`, 'facemetric --help')
}

function complain(message: string, furtherHelp?: string): ExitCode {
  process.stderr.write(`${paintFor(process.stderr)('red', 'facemetric:')} ${message}\n`)
  if (furtherHelp !== undefined) process.stderr.write(`Try '${furtherHelp}'.\n`)
  return 2
}

// Whoever reads it has read enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(2)
  throw error
})

process.exitCode = await main(process.argv.slice(2))
