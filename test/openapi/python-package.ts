import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** A slow network gets minutes, one that is not there some seconds. */
const PIP = [
  '-m',
  'pip',
  'install',
  '--quiet',
  '--no-color',
  '--disable-pip-version-check',
  '--retries',
  '1',
  '--timeout',
  '15',
]

export interface PythonPackage {
  readonly folder: string
  /** Removes the folder where it could not be kept for the next time. */
  release(): Promise<void>
}

/**
 * A folder with a package of the Python package index and all it needs, in the user's cache from the second time on.
 * @param requirement such as `name==1.2.3`
 * @throws Error that says in a line why it cannot be had: no Python, no pip, no index
 */
export async function pythonPackage(requirement: string): Promise<PythonPackage> {
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'facemetric')
  const kept = path.join(cache, requirement)
  if (existsSync(kept)) return { folder: kept, release: async () => {} }
  const canKeep = await mkdir(cache, { recursive: true }).then(
    () => true,
    () => false,
  )
  const fresh = await mkdtemp(path.join(canKeep ? cache : tmpdir(), 'facemetric-python-'))
  try {
    await run('python3', [...PIP, '--target', fresh, requirement])
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw new Error(lastLine(error))
  }
  if (!canKeep) return { folder: fresh, release: () => rm(fresh, { recursive: true, force: true }) }
  // Somebody else may have been faster.
  await rename(fresh, kept).catch(() => rm(fresh, { recursive: true, force: true }))
  return { folder: kept, release: async () => {} }
}

function lastLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const output = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : ''
  return output.split('\n').findLast((line) => /error/i.test(line)) ?? error.message.split('\n')[0]
}
