import { describeSettings, type SettingDescription } from '../lib/describe-settings.js'
import { parseArguments } from './arguments.js'
import { layColumns } from './columns.js'
import type { Command } from './command.js'

export const serve: Command = {
  options: {},
  operands: 'none',
  help: `Usage: facemetric serve

Starts the HTTP service and runs until it is told to stop (Ctrl-C, SIGTERM).

Examples:
  facemetric serve
  PORT=8080 HOST=127.0.0.1 facemetric serve
  FACEMETRIC_ENGINE=onnx FACEMETRIC_LOG_LEVEL=warn facemetric serve

Settings come from the environment; each has a default that works, here in brackets:
${layColumns(describeSettings().map((setting) => [`  ${setting.name}`, withDefault(setting)]))}

Exit code 0: it was stopped and had finished what it accepted, 1: it could not start, or was ended before it had, 2: wrong usage.
`,
  async run(args) {
    parseArguments(args, {})
    await import('../server.js')
    return undefined
  },
}

function withDefault({ description, value, byDefault }: SettingDescription): string {
  return `${description} [${value ?? byDefault}]`
}
