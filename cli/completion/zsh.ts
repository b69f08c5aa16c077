import { type CompletedCommand, type CompletedOption, completedOptions } from './completed-command.js'

/** A script for zsh's completion system, to be evaluated or to lie in a folder of $fpath as \`_facemetric\`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef facemetric
_facemetric() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
    '--help:print help'
    '--version:print the version'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(caseOf).join('\n')}
  esac
}
if [ "$funcstack[1]" = _facemetric ]; then _facemetric "$@"; else compdef _facemetric facemetric; fi
`
}

function caseOf(command: CompletedCommand): string {
  const { name, operands } = command
  const rest = typeof operands === 'string' ? REST[operands] : [quote(`1:${name}:(${operands.join(' ')})`)]
  const specs = [...completedOptions(command).map(optionSpec), ...rest]
  return `    ${name})\n      _arguments -s \\\n${specs.map((spec) => `        ${spec}`).join(' \\\n')} ;;`
}

const REST = { files: ["'*:photo:_files'"], folders: ["'1:folder:_files -/'"], none: [] }

function optionSpec({ name, description, takes }: CompletedOption): string {
  const value = {
    nothing: '',
    'a file': ':file:_files',
    something: `:${name}: `,
  }
  const action = typeof takes === 'string' ? value[takes] : `:${name}:(${takes.join(' ')})`
  // Within brackets, brackets and colons are part of the syntax.
  return quote(`--${name}[${description.replace(/[[\]:]/g, '\\$&')}]${action}`)
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
