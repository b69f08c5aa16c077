import { apiKeyOf, describeApiKey, makeApiKey } from '../lib/api-keys.js'
import { parseArguments } from './arguments.js'
import type { Command } from './command.js'

export const key: Command = {
  options: {},
  operands: 'none',
  help: `Usage: facemetric key NAME

Makes an API key for a caller of that name. The key itself is shown once, on standard error: give it to the caller, who sends
it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'. What the service has to know of it is printed on standard output:
NAME, and the SHA-256 of the key. It belongs into FACEMETRIC_API_KEYS, or as a line into the file that
FACEMETRIC_API_KEYS_FILE names, which the running service reads again.

A name may have several keys: add the new one, let the caller change over, then remove the old one.

Examples:
  facemetric key app >> keys
  FACEMETRIC_API_KEYS_FILE=keys facemetric serve

Exit code 0: made, 2: wrong usage.
`,
  async run(args) {
    const [name] = parseArguments(args, {}, { needed: ['NAME'] }).positionals
    const text = makeApiKey()
    const line = describeApiKey(apiKeyOf(name, text))
    process.stderr.write(`The key of ${name}, shown this once: ${text}\n`)
    process.stdout.write(`${line}\n`)
    return 0
  },
}
