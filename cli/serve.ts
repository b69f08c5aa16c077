import type { TSchema } from 'typebox'
import { ConfigSchema } from '../lib/config.js'
import { parseArguments } from './arguments.js'
import { layColumns } from './columns.js'
import type { Command } from './command.js'

type Setting = TSchema & { title?: string; description?: string; default?: unknown }

const SETTINGS: readonly Setting[] = Object.values(ConfigSchema.properties)

export const serve: Command = {
  help: `Usage: facemetric serve

Starts the HTTP service and runs until it is told to stop (Ctrl-C, SIGTERM).

Examples:
  facemetric serve
  PORT=8080 HOST=127.0.0.1 facemetric serve
  FACEMETRIC_ENGINE=onnx FACEMETRIC_LOG_LEVEL=warn facemetric serve

Settings come from the environment; each has a default that works, here in brackets:
${layColumns(SETTINGS.map((setting) => [`  ${setting.title}`, describeSetting(setting)]))}
`,
  async run(args) {
    parseArguments(args, {})
    await import('../server.js')
    return undefined
  },
}

function describeSetting({ description, default: value }: Setting): string {
  return value === undefined ? `${description}` : `${description} [${value}]`
}
