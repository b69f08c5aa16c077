import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const PackageSchema = Type.Object({ name: Type.String(), version: Type.String() })

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

function readPackage(file: string) {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Value.Check(PackageSchema, content) ? content : undefined
  } catch {
    return undefined
  }
}
