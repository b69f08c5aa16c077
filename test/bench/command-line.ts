import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command of bench/ as its user does, until every process that holds its output has ended, its workers too.
 * @param onStderr may interrupt it, as Ctrl-C would
 */
export async function runBench(
  script: string,
  args: readonly string[],
  onStderr?: (text: string, interrupt: () => void) => void,
): Promise<Outcome> {
  // Without what the test runner adds to every Node it sees started: that takes longer than the work.
  const { NODE_OPTIONS, ...env } = process.env
  const command = fileURLToPath(new URL(`../../bench/${script}`, import.meta.url))
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onStderr?.(stderr, () => child.kill('SIGINT'))
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}
