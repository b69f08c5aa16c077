import type { Command } from './command.js'

export interface CommandEntry {
  /** What it does, in one line. */
  readonly summary: string
  /** A command is only loaded when it is its turn: what it needs takes longer to load than help to print. */
  load(): Promise<Command>
}

/** Everything that `facemetric` can do, by name. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'start the HTTP service',
    load: async () => (await import('./serve.js')).serve,
  },
  compare: {
    summary: 'say whether photos show the same person',
    load: async () => (await import('./compare.js')).compare,
  },
  doctor: {
    summary: 'check that everything the service needs works here',
    load: async () => (await import('./doctor.js')).doctor,
  },
  samples: {
    summary: 'write three photos to try it with',
    load: async () => (await import('./samples.js')).samples,
  },
  key: {
    summary: 'make an API key for a caller',
    load: async () => (await import('./key.js')).key,
  },
  completion: {
    summary: 'print what completes command lines in your shell',
    load: async () => (await import('./completion.js')).completion,
  },
}
