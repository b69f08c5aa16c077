/** What a command line ended with; undefined while the command goes on working, as a service does. */
export type ExitCode = 0 | 1 | 2 | undefined

/** What node's `parseArgs` has to know of an option, and what people have to. */
export interface CommandOption {
  readonly type: 'boolean' | 'string'
  readonly default?: boolean | string
  /** What follows it, as help calls it, such as `FILE`; an option without stands alone. */
  readonly value?: string
  /** The words that may follow it. */
  readonly choices?: readonly string[]
  /** Its first line is what completion shows. */
  readonly help: string
}

/** What may stand where no option does, for completion: names of files or folders, one of some words, or something new. */
export type Operands = 'files' | 'folders' | readonly string[] | 'none'

/** One of the things `facemetric` can do. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string
  readonly options: Readonly<Record<string, CommandOption>>
  readonly operands: Operands
  /**
   * @param args what follows the command's name
   * @throws UsageError when they cannot be understood
   */
  run(args: readonly string[]): Promise<ExitCode>
}
