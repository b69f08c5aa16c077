import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** What every installed package says of itself; a package.json inside one may say nothing. */
interface Package {
  readonly name?: string
  readonly version: string
}

/**
 * The version of an installed package.
 * Found from the package's main file, as some packages do not export their package.json.
 * @throws Error when the package is not installed
 */
export function installedVersion(name: string): string {
  let folder = path.dirname(createRequire(import.meta.url).resolve(name))
  for (;;) {
    const found = readPackage(path.join(folder, 'package.json'))
    if (found?.name === name) return found.version
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error(`no package.json of ${name} was found`)
    folder = parent
  }
}

function readPackage(file: string): Package | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
