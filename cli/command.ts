/** What a command line ended with; undefined while the command goes on working, as a service does. */
export type ExitCode = 0 | 1 | 2 | undefined

/** One of the things `facemetric` can do. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string
  /**
   * @param args what follows the command's name
   * @throws UsageError when they cannot be understood
   */
  run(args: readonly string[]): Promise<ExitCode>
}
