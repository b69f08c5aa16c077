import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { TFJS_NODE } from '../../lib/runtime/tfjs-node.js'

const require = createRequire(import.meta.url)

/** What the setup takes from npm: the package itself and the headers its binding is compiled with. */
const NPM_PACKAGES = [TFJS_NODE, 'node-api-headers']

const PackageSchema = Type.Object({ optionalDependencies: Type.Record(Type.String(), Type.String()) })

function folderOf(name: string): string | undefined {
  try {
    return path.dirname(require.resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

/** The npm packages that are not installed: with `--omit=optional`, or where an install script failed, npm leaves them out. */
export function missingPackages(): string[] {
  return NPM_PACKAGES.filter((name) => folderOf(name) === undefined)
}

/** The folder whose node_modules this package lives in, or this package itself where it is the project. */
export function projectFolder(): string {
  const [project, ...inside] = PACKAGE_ROOT.split(`${path.sep}node_modules${path.sep}`)
  return inside.length > 0 ? project : PACKAGE_ROOT
}

/** Where tfjs-node is installed, or the project it will be installed in. */
export function installFolder(): string {
  return folderOf(TFJS_NODE) ?? projectFolder()
}

/** The npm call that adds `names`, in the versions this package asks for, without running their install scripts. */
export async function installCommand(names: readonly string[]): Promise<[command: string, args: string[]]> {
  const json: unknown = JSON.parse(await readFile(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  const { optionalDependencies } = Value.Parse(PackageSchema, json)
  const packages = names.map((name) => `${name}@${optionalDependencies[name]}`)
  return [
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund', ...packages],
  ]
}
