#!/usr/bin/env node
import { UsageError } from './cli/arguments.js'
import { layColumns } from './cli/columns.js'
import type { Command, ExitCode } from './cli/command.js'
import { VERSION } from './lib/version.js'

interface CommandEntry {
  /** What it does, in one line. */
  readonly summary: string
  /** A command is only loaded when it is its turn: what it needs takes longer to load than help to print. */
  load(): Promise<Command>
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'start the HTTP service',
    load: async () => (await import('./cli/serve.js')).serve,
  },
  compare: {
    summary: 'say whether two photos show the same person',
    load: async () => (await import('./cli/compare.js')).compare,
  },
  doctor: {
    summary: 'check that everything the service needs works here',
    load: async () => (await import('./cli/doctor.js')).doctor,
  },
  samples: {
    summary: 'write three photos to try it with',
    load: async () => (await import('./cli/samples.js')).samples,
  },
  key: {
    summary: 'make an API key for a caller',
    load: async () => (await import('./cli/key.js')).key,
  },
}

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
`

async function main([name, ...rest]: readonly string[]): Promise<ExitCode> {
  if (name === '--version' || name === '-v') return print(`${VERSION}\n`)
  if (name === '--help' || name === '-h') return print(HELP)
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    const wrong = name === undefined ? 'a command is missing' : `there is no command '${name}'`
    return complain(`${wrong}; there are ${Object.keys(COMMANDS).join(', ')}`, 'facemetric --help')
  }
  try {
    const command = await COMMANDS[name].load()
    return asksForHelp(rest) ? print(command.help) : await command.run(rest)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return complain(message, error instanceof UsageError ? `facemetric ${name} --help` : undefined)
  }
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

function complain(message: string, furtherHelp?: string): ExitCode {
  process.stderr.write(`facemetric: ${message}\n`)
  if (furtherHelp !== undefined) process.stderr.write(`Try '${furtherHelp}'.\n`)
  return 2
}

process.exitCode = await main(process.argv.slice(2))
