import { execFile, spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { buildApp } from '../app.js'
import { createFaceEngine } from '../lib/create-face-engine.js'
import { PACKAGE_ROOT } from '../lib/package-root.js'
import { writeSamplePhotos } from '../lib/sample-photos.js'
import { ComparisonSchema } from '../schemas/compare.js'
import { ProblemSchema } from '../schemas/problem.js'
import { CLI, cliEnvironment } from './cli/run-cli.js'
import { commandsOf, exists, handlingOf, optionsIn } from './documented-commands.js'
import { freePort } from './free-port.js'
import { allMarkdown, type CodeBlock, fencedBlocks } from './markdown.js'

t.setTimeout(240_000)
const KEY = 'a-key-that-is-long-enough-for-this-test'
const BLOCKS = allMarkdown().flatMap(fencedBlocks)
const LANGUAGES = ['', 'js', 'json', 'nginx', 'sh', 'yaml']

// Inside the package, as that is where its own name leads to it.
const folder = await mkdtemp(path.join(PACKAGE_ROOT, 'dist', 'examples-'))
t.teardown(() => rm(folder, { recursive: true }))
await furnish(folder)

t.test('a block is of a language that a test here knows', async (t) => {
  for (const { language, place } of BLOCKS) t.ok(LANGUAGES.includes(language), `${place}: ${language}`)
})

t.test('shell: every command runs, or what it names exists', async (t) => {
  const services = await startServices()
  t.teardown(services.close)
  for (const { place, code } of ofLanguage('sh')) {
    for (const command of commandsOf(code)) {
      const handling = handlingOf(command)
      const what = `${place}: ${command}`
      if (handling === undefined) t.fail(`${what}: neither run nor given a reason in test/documented-commands.ts`)
      else if (handling.kind === 'named') for (const name of handling.exists) t.ok(exists(name), `${what}: ${name}`)
      else if (handling.kind === 'options') {
        const help = await helpOf(handling.program)
        for (const option of optionsIn(command)) t.ok(help.includes(option), `${what}: ${option}`)
      } else {
        const { status, output } = await runShell(command, services)
        t.ok(status === 0 || (status === 1 && /\bcompare\b/.test(command)), `${what}: ${status}, ${output}`)
        if (/\bcurl\b/.test(command)) t.type(JSON.parse(output).identical, 'boolean', what)
      }
    }
  }
})

t.test('JSON: a reply or an error as the schema has it, or a line of the log', async (t) => {
  for (const { place, code } of ofLanguage('json')) {
    const value: unknown = JSON.parse(code)
    t.ok(/^\{"level":\d+,"time":/.test(code) || Value.Check(schemaFor(value), value), place)
  }
})

t.test('JavaScript runs', async (t) => {
  const services = await startServices()
  t.teardown(services.close)
  for (const { place, code } of ofLanguage('js')) {
    const file = path.join(folder, 'example.mjs')
    const asking = code.replaceAll(/http:\/\/localhost:\d+/g, services.open)
    // What listens is let listen, and ended.
    await writeFile(file, asking.replace(/port: \d+/, `port: ${await freePort()}`).concat(endOf(code)))
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, env: cliEnvironment() })
    t.match(stdout, /^(true 0\.\d+|415 \w+)\n$/, place)
  }
})

t.test('YAML can be read', async (t) => {
  for (const { place, code } of ofLanguage('yaml')) t.doesNotThrow(() => parse(code), place)
})

const nginx = spawnSync('nginx', ['-v']).status === 0 ? false : 'nginx is not installed'
t.test('nginx takes its parts of a configuration', { skip: nginx }, async (t) => {
  for (const { place, code } of ofLanguage('nginx')) {
    const file = path.join(folder, 'nginx.conf')
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/nginx;`,
    )
    const server = `server { listen 127.0.0.1:${await freePort()}; ${code} }`
    await writeFile(file, `pid ${folder}/pid; events {} http { access_log off; ${paths.join(' ')} ${server} }`)
    const { status, stderr } = spawnSync('nginx', ['-t', '-e', 'stderr', '-c', file], { encoding: 'utf8' })
    t.equal(status, 0, `${place}: ${stderr}`)
  }
})

t.test('what has no language is a drawing, and no command is hidden in it', async (t) => {
  for (const { place, code } of ofLanguage('')) t.notMatch(code, /^\s*(npm|npx|node|curl|docker|facemetric) /m, place)
})

/** The README leaves the photos out of a reply. */
function schemaFor(value: unknown) {
  if (!(value instanceof Object) || 'code' in value) return ProblemSchema
  return 'live_image' in value ? ComparisonSchema : Type.Omit(ComparisonSchema, ['reference_image', 'live_image'])
}

function ofLanguage(language: string): CodeBlock[] {
  return BLOCKS.filter((block) => block.language === language)
}

/** The files that examples name: photos, and a facemetric on the path. */
async function furnish(folder: string): Promise<void> {
  const photos = await writeSamplePhotos(path.join(folder, 'photos'))
  await mkdir(path.join(folder, 'more'))
  await writeSamplePhotos(path.join(folder, 'out'))
  await mkdir(path.join(folder, 'bin'))
  await copyFile(photos.reference, path.join(folder, 'reference.jpg'))
  await copyFile(photos.samePerson, path.join(folder, 'live.jpg'))
  await copyFile(photos.samePerson, path.join(folder, 'first.jpg'))
  await copyFile(photos.otherPerson, path.join(folder, 'second.jpg'))
  await copyFile(photos.otherPerson, path.join(folder, 'more', 'other.png'))
  const program = path.join(folder, 'bin', 'facemetric')
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`)
  await chmod(program, 0o755)
}

const helps = new Map<string, Promise<string>>()

/** What a program prints with `--help`; each is asked once. */
function helpOf(program: string): Promise<string> {
  const ask = async () => {
    return (await promisify(execFile)(process.execPath, [path.join(PACKAGE_ROOT, program), '--help'])).stdout
  }
  const help = helps.get(program) ?? ask()
  helps.set(program, help)
  return help
}

interface Services {
  /** Where everybody may compare, and where a key is needed. */
  readonly open: string
  readonly keyed: string
  close(): Promise<void>
}

async function startServices(): Promise<Services> {
  const faceEngine = await createFaceEngine({ runtime: 'onnx' })
  const apps = [{}, { apiKeys: `test:${KEY}` }].map((config) => {
    return buildApp({ config: { logLevel: 'silent', ...config }, faceEngine })
  })
  const [open, keyed] = await Promise.all(apps.map((app) => app.listen({ port: 0, host: '127.0.0.1' })))
  const close = async () => {
    await Promise.all(apps.map((app) => app.close()))
    await faceEngine.close()
  }
  return { open, keyed, close }
}

/** Runs a command where the examples' files are, and has it ask the services of this test. */
async function runShell(command: string, { open, keyed }: Services): Promise<{ status: number; output: string }> {
  const text = command
    .replaceAll('node dist/cli.js', 'facemetric')
    .replaceAll(/\bcurl /g, 'curl --silent --show-error ')
    .replaceAll(/http:\/\/localhost:\d+/g, command.includes('$KEY') ? keyed : open)
  const environment = cliEnvironment({ KEY })
  const env = { ...environment, PATH: `${path.join(folder, 'bin')}${path.delimiter}${environment.PATH}` }
  return new Promise((resolve) => {
    execFile('sh', ['-c', text], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout || stderr })
    })
  })
}

/** What asks an app that an example starts, and ends it. */
function endOf(code: string): string {
  if (!code.includes('app.listen')) return ''
  return `
const { port } = app.server.address()
const { status } = await fetch(\`http://localhost:\${port}/faces/compare\`, { method: 'POST' })
console.log(status, app.faceEngine.runtime)
await app.close()`
}
