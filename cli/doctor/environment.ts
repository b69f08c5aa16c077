import { randomBytes } from 'node:crypto'
import { readFile, statfs, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import path from 'node:path'
import { type Config, completeConfig, readConfig, unknownSettings } from '../../lib/config.js'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { usableCpus } from '../../lib/pool/usable-cpus.js'
import { openProcessFolder } from '../../lib/temp/process-folder.js'
import { VERSION } from '../../lib/version.js'
import { type Finding, find, reasonOf } from './finding.js'

const MEGABYTE = 2 ** 20

/** The versions and the machine. */
export async function examineMachine(): Promise<Finding[]> {
  const memory = Math.round(totalmem() / MEGABYTE).toLocaleString('en')
  return [
    await find('version', 'facemetric', () => `${VERSION} in ${PACKAGE_ROOT}`),
    await find('version', 'node', checkNode),
    await find('version', 'machine', () => {
      return `${process.platform} ${process.arch}, ${usableCpus()} usable CPUs, ${memory} MB of memory`
    }),
  ]
}

async function checkNode(): Promise<string> {
  const { engines } = JSON.parse(await readFile(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  const [needed, given] = [engines.node, process.versions.node].map((text) => /(\d+)\.(\d+)/.exec(text) ?? [])
  const [major, minor] = [1, 2].map((part) => Number(given[part]) - Number(needed[part]))
  if (major < 0 || (major === 0 && minor < 0)) {
    throw new Error(`${process.version} is too old; ${engines.node} is needed`)
  }
  return process.version
}

/** The settings the environment holds; where they are wrong, the defaults, so that the rest can be looked at. */
export function examineSettings(env: NodeJS.ProcessEnv): { config: Config; findings: Finding[] } {
  const part = 'settings'
  const findings: Finding[] = unknownSettings(env).map((name) => ({
    part,
    name,
    verdict: 'warning',
    detail: 'there is no setting of this name',
  }))
  const name = 'environment'
  try {
    const config = readConfig(env)
    return { config, findings: [{ part, name, verdict: 'ok', detail: 'can be used' }, ...findings] }
  } catch (error) {
    const wrong: Finding = { part, name, verdict: 'failed', detail: reasonOf(error) }
    return { config: completeConfig(), findings: [wrong, ...findings] }
  }
}

/** Whether photos can be kept, privately, while a request runs. */
export function examineTempFolder(parent: string): Promise<Finding> {
  return find('storage', 'temporary folder', async () => {
    const folder = await openProcessFolder(parent)
    try {
      const file = path.join(folder.path, 'test')
      const written = randomBytes(MEGABYTE)
      await writeFile(file, written, { flag: 'wx', mode: 0o600 })
      if (!written.equals(await readFile(file))) throw new Error(`${parent} gives back other data than was written`)
    } finally {
      await folder.close()
    }
    const { bavail, bsize } = await statfs(parent)
    return `${parent}, ${Math.floor((bavail * bsize) / MEGABYTE).toLocaleString('en')} MB free`
  })
}
