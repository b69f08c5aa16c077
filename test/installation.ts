import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../lib/package-root.js'

/**
 * The project as it is on a machine where some packages could not be installed: its code is a copy, as Node looks for
 * packages beside the real files; its packages are links.
 * @returns the folder
 */
export async function installationWithout(t: Test, packages: readonly string[]): Promise<string> {
  // Outside the project: Node would find what is left out in its own node_modules, some folders up.
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-installation-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const real = (name: string) => path.join(PACKAGE_ROOT, name)
  const isTest = (source: string) => path.relative(real('dist'), source).startsWith('test')
  await cp(real('dist'), path.join(folder, 'dist'), { recursive: true, filter: (source) => !isTest(source) })
  for (const name of ['package.json', 'weights', 'public']) await symlink(real(name), path.join(folder, name))
  for (const name of await installedPackages()) {
    if (packages.includes(name)) continue
    const link = path.join(folder, 'node_modules', name)
    await mkdir(path.dirname(link), { recursive: true })
    await symlink(real(path.join('node_modules', name)), link)
  }
  return folder
}

async function installedPackages(): Promise<string[]> {
  const modules = path.join(PACKAGE_ROOT, 'node_modules')
  const names = (await readdir(modules)).filter((name) => !name.startsWith('.'))
  const scoped = async (scope: string) =>
    (await readdir(path.join(modules, scope))).map((name) => path.join(scope, name))
  return (await Promise.all(names.map((name) => (name.startsWith('@') ? scoped(name) : [name])))).flat()
}
