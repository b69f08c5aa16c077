import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The command line tool, compiled. */
export const CLI = fileURLToPath(new URL('../../cli.js', import.meta.url))

/** What a command line left behind. */
export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `facemetric` as a user does, in a process of its own with an environment of its own. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [CLI, ...args], { env: cliEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

/** Nothing of the test's own settings but the runtime it is to use: by default the one that starts soonest. */
export function cliEnvironment(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, FACEMETRIC_ENGINE = 'onnx' } = process.env
  return { PATH, HOME, FACEMETRIC_ENGINE, ...env }
}
