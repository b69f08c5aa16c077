import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

function findPackageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder)
    if (parent === folder)
      throw new Error('facemetric: no package.json above its own code; the installation is incomplete')
    folder = parent
  }
  return folder
}

/** The folder that holds this package's package.json, weights/ and public/: the same from sources and from dist/. */
export const PACKAGE_ROOT = findPackageRoot()
