import { type CompletedCommand, completedOptions } from './completed-command.js'

/** For bash 3.2 (macOS) and newer. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# bash completion for facemetric
_facemetric() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  local IFS=$'\\n' words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${lines([...commands.map(({ name }) => name), '--help', '--version'])}
  else
    case "$command $previous" in
${commands.flatMap(valuesOf).join('\n')}
      *)
        case "$command $word" in
${commands.map(wordsOf).join('\n')}
        esac ;;
    esac
  fi
  case $words in
    :files) COMPREPLY=($(compgen -f -- "$word")) ;;
    :folders) COMPREPLY=($(compgen -d -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
  esac
  case $words in :*) compopt -o filenames 2>/dev/null ;; esac
}
complete -F _facemetric facemetric
`
}

/** What follows an option that takes something. */
function valuesOf(command: CompletedCommand): string[] {
  return completedOptions(command).flatMap(({ name, takes }) => {
    if (takes === 'nothing') return []
    const words = takes === 'a file' ? ':files' : takes === 'something' ? "''" : lines(takes)
    return [`      '${command.name} --${name}') words=${words} ;;`]
  })
}

/** Options after a dash, otherwise what the command works on. */
function wordsOf(command: CompletedCommand): string {
  const { name, operands } = command
  const options = completedOptions(command).map((option) => `--${option.name}`)
  const rest =
    typeof operands === 'string' ? { files: ':files', folders: ':folders', none: "''" }[operands] : lines(operands)
  return `          '${name} -'*) words=${lines(options)} ;;
          '${name} '*) words=${rest} ;;`
}

function lines(words: readonly string[]): string {
  return `$'${words.join('\\n')}'`
}
