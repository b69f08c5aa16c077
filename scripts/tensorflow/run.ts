import { spawn, spawnSync } from 'node:child_process'

export interface CommandOutcome {
  readonly ok: boolean
  readonly stdout: string
  /** What it wrote to stderr, or why it did not run or end of itself. */
  readonly reason: string
}

/** Runs a command to its end and keeps what it prints. Never throws: a command that is absent is an outcome. */
export function tryCommand(command: string, args: readonly string[]): CommandOutcome {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  const ended = error?.message ?? (signal === null ? `exit code ${status}` : `killed by ${signal}`)
  return { ok: status === 0, stdout: stdout?.trim() ?? '', reason: stderr?.trim() || ended }
}

/**
 * Runs a command with its output going to the terminal.
 * @throws Error naming the command when it does not start or does not end with exit code 0
 */
export function runCommand(command: string, args: readonly string[], cwd?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', (error) => reject(new Error(`${command} did not start: ${error.message}`)))
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${command} ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

/** A command line as one can paste it into a shell. */
export function commandLine(command: string, args: readonly string[]): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
  return [command, ...args].map(quote).join(' ')
}
