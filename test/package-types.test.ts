import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { PACKAGE_ROOT } from '../lib/package-root.js'

t.setTimeout(120_000)
const run = promisify(execFile)
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc')

/** A program of somebody who has installed the package. */
const PROGRAM = `
import Fastify from 'fastify'
import facemetric, { createFaceEngine, type Comparison } from 'facemetric'
import { FacemetricClient } from 'facemetric/client'

const app = Fastify()
await app.register(facemetric, { prefix: '/faces', preset: 'fastest' })
const comparison: Comparison = await app.faceEngine.compare('reference.jpg', 'live.jpg')
const engine = await createFaceEngine({ runtime: 'onnx' })
const reply = await new FacemetricClient({ url: 'http://localhost:5000' }).compare(new Blob(), new Blob())
export const identical: boolean[] = [comparison.identical, reply.identical, (await engine.compare('a', 'b')).identical]
// @ts-expect-error there is no such choice
await engine.compare('a', 'b', { faces: 'all' })
`

t.test('a TypeScript program that has installed the package finds the types of all that it exports', async (t) => {
  const folder = t.testdir()
  await mkdir(path.join(folder, 'node_modules'))
  await symlink(PACKAGE_ROOT, path.join(folder, 'node_modules', 'facemetric'))
  for (const name of ['fastify', '@types']) {
    await symlink(path.join(PACKAGE_ROOT, 'node_modules', name), path.join(folder, 'node_modules', name))
  }
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(path.join(folder, 'program.ts'), PROGRAM)
  const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, module: 'nodenext', types: ['node'] }
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
  const { stdout } = await run(process.execPath, [TSC, '-p', folder]).catch((error: { stdout: string }) => error)
  t.equal(stdout, '')
})
