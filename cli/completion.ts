import { parseArguments, parseChoice } from './arguments.js'
import { layOptions } from './columns.js'
import type { Command } from './command.js'
import { COMMANDS } from './commands.js'
import { bashCompletion } from './completion/bash.js'
import type { CompletedCommand } from './completion/completed-command.js'
import { fishCompletion } from './completion/fish.js'
import { zshCompletion } from './completion/zsh.js'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }
const SHELL_NAMES = ['bash', 'zsh', 'fish'] as const satisfies (keyof typeof SHELLS)[]

export const completion: Command = {
  options: {},
  operands: SHELL_NAMES,
  help: `Usage: facemetric completion ${SHELL_NAMES.join('|')}

Prints a script with which that shell completes commands, options, their values and files of \`facemetric\`.

Options:
${layOptions({})}

Examples:
  eval "$(facemetric completion bash)"                                    # in ~/.bashrc
  eval "$(facemetric completion zsh)"                                     # in ~/.zshrc, after compinit
  facemetric completion fish > ~/.config/fish/completions/facemetric.fish

Exit code 0: printed, 2: wrong usage.
`,
  async run(args) {
    const [given] = parseArguments(args, {}, { needed: ['SHELL'] }).positionals
    const shell = parseChoice('completion', given, SHELL_NAMES)
    const commands: CompletedCommand[] = await Promise.all(
      Object.entries(COMMANDS).map(async ([name, { summary, load }]) => {
        const { options, operands } = await load()
        return { name, summary, options, operands }
      }),
    )
    process.stdout.write(SHELLS[shell](commands))
    return 0
  },
}
