import { type CompletedCommand, type CompletedOption, completedOptions } from './completed-command.js'

/** For fish, which reads it from a file of its folder of completions. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const { name, summary, operands } = command
    const within = `-n ${quote(`__fish_seen_subcommand_from ${name}`)}`
    const rest = typeof operands === 'string' ? REST[operands] : [`-a ${quote(operands.join(' '))}`]
    return [
      `-n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
      ...rest.map((what) => `${within} ${what}`),
      ...completedOptions(command).map((option) => `${within} ${optionOf(option)}`),
    ]
  })
  const own = ['-l help -d "print help"', '-l version -d "print the version"']
  const all = ['-f', ...own.map((option) => `-n __fish_use_subcommand ${option}`), ...lines]
  return `# fish completion for facemetric\n${all.map((line) => `complete -c facemetric ${line}`).join('\n')}\n`
}

const REST = { files: ['-F'], folders: ["-a '(__fish_complete_directories)'"], none: [] }

function optionOf({ name, description, takes }: CompletedOption): string {
  const value = { nothing: '', 'a file': ' -r -F', something: ' -x' }
  const rest = typeof takes === 'string' ? value[takes] : ` -x -a ${quote(takes.join(' '))}`
  return `-l ${name} -d ${quote(description)}${rest}`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
