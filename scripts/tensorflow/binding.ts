import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { runCommand } from './run.js'
import { LIBRARIES } from './wheel.js'

/** The C++ compiler, as CXX names it. */
export const COMPILER = process.env.CXX || 'g++'

/** Where tfjs-node looks for its binding, and the Node-API version that place stands for. */
export function findBinding(packageFolder: string): { file: string; nodeApi: string } {
  const require = createRequire(path.join(packageFolder, 'package.json'))
  const { find }: { find(packageJson: string): string } = require('@mapbox/node-pre-gyp')
  const file = find(path.join(packageFolder, 'package.json'))
  const nodeApi = /napi-v(\d+)/.exec(file)?.[1]
  if (nodeApi === undefined) throw new Error(`${file} does not tell which Node-API version the binding is for`)
  return { file, nodeApi }
}

/** The compiler call that makes the binding; Node-API's headers come from npm, so any Node of that version loads it. */
export function compileCommand(packageFolder: string, output: string): [command: string, args: string[]] {
  const { file, nodeApi } = findBinding(packageFolder)
  const { include_dir: nodeApiHeaders }: { include_dir: string } = createRequire(import.meta.url)('node-api-headers')
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(packageFolder, 'binding', name))
  const libraryFolder = path.join(packageFolder, 'deps', 'lib')
  const rpath = path.relative(path.dirname(file), libraryFolder)
  const args = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${nodeApi}`]
  args.push('-I', nodeApiHeaders, '-I', path.join(packageFolder, 'deps', 'include'), ...sources)
  args.push('-L', libraryFolder, ...LIBRARIES.map((name) => `-l:${name}`), `-Wl,-rpath,$ORIGIN/${rpath}`, '-o', output)
  return [COMPILER, args]
}

/** Compiles the binding of the tfjs-node in `packageFolder` against its deps/; the old one stays until the new one is whole. */
export async function compileBinding(packageFolder: string): Promise<void> {
  const { file } = findBinding(packageFolder)
  const partial = `${file}.partial`
  await mkdir(path.dirname(file), { recursive: true })
  try {
    await runCommand(...compileCommand(packageFolder, partial))
    await rename(partial, file)
  } finally {
    await rm(partial, { force: true })
  }
}
