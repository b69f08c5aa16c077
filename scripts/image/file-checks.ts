import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { MountedImage } from './buildah.js'

export type Target = 'full' | 'slim'

/** Bytes that the files of an image take, unpacked. */
export function unpackedSize({ root }: MountedImage): number {
  return Number.parseInt(execFileSync('du', ['-s', '-x', '-B1', root], { encoding: 'utf8' }), 10)
}

/** What the image says about itself and how it is to be run. */
export function checkConfig({ config }: MountedImage, version: string): void {
  assert.equal(config.User, '1000:1000')
  assert.equal(config.StopSignal, 'SIGTERM')
  assert.deepEqual(config.Cmd, ['node', 'dist/server.js'])
  assert.deepEqual(config.Healthcheck.Test.slice(0, 2), ['CMD', 'node'])
  assert.deepEqual(Object.keys(config.ExposedPorts), ['5000/tcp'])
  const label = (name: string) => config.Labels[`org.opencontainers.image.${name}`]
  assert.equal(label('title'), 'Facemetric')
  assert.equal(label('licenses'), 'MIT')
  assert.equal(label('version'), version)
  assert.match(label('description'), /face verification/)
  assert.match(label('revision'), /^([0-9a-f]{40}|unknown)$/)
}

/** Nothing is left of building, and nothing is there that only builds and developers need. */
export function checkLeftovers({ root }: MountedImage, target: Target): void {
  assert.deepEqual(readdirSync(path.join(root, 'app')).sort(), [
    ...['dist', 'node_modules', 'package.json', 'public', 'weights'],
  ])
  for (const absent of ['tmp', 'var/tmp', 'root', 'var/lib/apt/lists', 'var/cache', 'home/node']) {
    const inside = path.join(root, absent)
    const left = existsSync(inside) ? readdirSync(inside).filter((name) => !/^\.(bash|profile)/.test(name)) : []
    assert.deepEqual(left, [], `${absent} is not empty`)
  }
  assert.deepEqual(
    find(root, '-path', '*/bin/np[mx]', '-o', '-path', '*/bin/yarn*', '-o', '-path', '*/bin/corepack'),
    [],
  )
  assert.deepEqual(find(`${root}/app`, '-name', '*.ts', '-o', '-name', '*.map', '-o', '-name', '*.test.js'), [])
  assert.deepEqual(find(root, '-type', 'f', '-perm', '/6000'), [], 'programs that change the user')
  const modules = path.join(root, 'app/node_modules')
  for (const developers of ['typescript', 'tap', '@biomejs', 'onnxruntime-web']) {
    assert.ok(!existsSync(path.join(modules, developers)), developers)
  }
  assert.equal(existsSync(path.join(modules, '@tensorflow')), target === 'full', '@tensorflow')
}

/** The value of e_machine in an ELF header, by the processor's name in Node. */
const ELF_MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 }

/** Every native library is one for this processor and for glibc, not one for another platform. */
export function checkLibraries({ root }: MountedImage): number {
  const files = find(`${root}/app`, '-name', '*.node', '-o', '-name', '*.so', '-o', '-name', '*.so.*')
  const foreign = find(`${root}/app`, '-name', '*.dll', '-o', '-name', '*.dylib', '-o', '-name', '*.exe')
  assert.deepEqual(foreign, [])
  for (const file of files) {
    const header = readFileSync(file).subarray(0, 20)
    assert.equal(header.toString('latin1', 1, 4), 'ELF', file)
    assert.equal(header.readUInt16LE(18), ELF_MACHINES[process.arch], file)
    assert.doesNotMatch(file, /musl/)
  }
  return files.length
}

/** No file outside the temporary folders can be changed by the user the service runs as, even where the root is writable. */
export function checkOwners({ root }: MountedImage): void {
  const temporary = ['tmp', 'var/tmp', 'home/node', 'run/lock', 'dev'].flatMap((name) => [
    ...['!', '-path', `${root}/${name}`, '!', '-path', `${root}/${name}/*`],
  ])
  assert.deepEqual(find(root, '(', '-user', '1000', '-o', '-perm', '-o+w', ')', '!', '-type', 'l', ...temporary), [])
}

function find(folder: string, ...conditions: string[]): string[] {
  const output = execFileSync('find', [folder, '-xdev', ...conditions], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  return output.split('\n').filter(Boolean)
}
