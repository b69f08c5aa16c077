import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { writePortraits } from '../portraits.js'

t.setTimeout(300_000)
const run = promisify(execFile)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())

const PROGRAM = `
import { createFaceEngine } from 'facemetric'
const engine = await createFaceEngine()
const { identical } = await engine.compare(process.argv[2], process.argv[3])
console.log(engine.runtime, identical)
await engine.close()
`

t.test('packed, and installed in a project without install scripts, the library compares', async (t) => {
  const project = await mkdtemp(path.join(tmpdir(), 'facemetric-project-'))
  t.teardown(() => rm(project, { recursive: true, force: true }))
  const packed = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: PACKAGE_ROOT })
  const [{ filename }] = JSON.parse(packed.stdout)
  await writeFile(path.join(project, 'package.json'), '{ "type": "module" }')
  await writeFile(path.join(project, 'program.js'), PROGRAM)
  await run('npm', ['install', '--ignore-scripts', '--no-audit', filename], { cwd: project })

  const [one, other] = [portraits.path(0), portraits.path(1)]
  const { stdout } = await run(process.execPath, ['program.js', one, other], { cwd: project })
  t.match(stdout, /^(onnx|tensorflow) false\n$/)
  const facemetric = path.join(project, 'node_modules', '.bin', 'facemetric')
  const same = await run(facemetric, ['compare', one, one, '--json'], { cwd: project })
  t.match(JSON.parse(same.stdout), { identical: true, same_photo: true })
})
