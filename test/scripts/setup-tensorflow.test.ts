import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { findBinding } from '../../scripts/tensorflow/binding.js'
import { platformProblem } from '../../scripts/tensorflow/machine.js'
import { hasNativeLibrary } from '../../scripts/tensorflow/native-library.js'
import { installFolder, missingPackages } from '../../scripts/tensorflow/package.js'
import { commandLine } from '../../scripts/tensorflow/run.js'
import { WHEELS } from '../../scripts/tensorflow/wheel.js'

const script = (name: string) => fileURLToPath(new URL(`../../scripts/${name}.js`, import.meta.url))

/** Runs the setup as a user does; with a `folder`, only the commands in it can be found. */
function setUp(args: readonly string[], folder?: string) {
  const env = folder === undefined ? process.env : { ...process.env, CXX: 'g++', PATH: folder }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script('setup-tensorflow'), ...args], {
    encoding: 'utf8',
    env,
  })
  return { status, stdout, stderr }
}

async function addCommand(folder: string, name: string, body: string): Promise<void> {
  const file = path.join(folder, name)
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
}

const wheel = WHEELS[process.arch]
const unsupported = platformProblem() ?? false
const notInstalled = missingPackages().length > 0 && `not installed here: ${missingPackages().join(', ')}`
const tensorflowWorks = spawnSync(process.execPath, [script('check-tensorflow')]).status === 0

t.test(
  'where the native backend works, nothing is done and the version told',
  {
    skip: !tensorflowWorks && 'the native backend is not set up here',
  },
  async (t) => {
    const { status, stdout } = setUp([])
    t.equal(status, 0)
    t.match(stdout, /It does: TensorFlow \d+\.\d+\.\d+, TensorFlow\.js 4\.\d+\.\d+\. Nothing to do\./)
  },
)

t.test('--dry-run prints each step with its command and touches nothing', { skip: unsupported }, async (t) => {
  const { status, stdout } = setUp(['--dry-run'])
  t.equal(status, 0)
  t.match(stdout, /^\[1\/6\].*\n\[2\/6\].*\n\[3\/6\].*\n\[4\/6\][\s\S]*\n\[5\/6\].*\n\[6\/6\]/)
  t.match(stdout, `${wheel.project}==${wheel.version}`)
  t.match(stdout, wheel.sha256)
  t.notOk(existsSync('deps.partial'))
})

t.test(
  'a machine without compiler and Python is told so, with the remedy, and exit code 2',
  {
    skip: unsupported,
  },
  async (t) => {
    const { status, stderr } = setUp(['--force'], t.testdir())
    t.equal(status, 2)
    t.match(stderr, /no C\+\+ compiler: g\+\+ does not run \(.*apt-get install g\+\+\)/)
    t.match(stderr, /no Python: python3 does not run/)
  },
)

t.test('a machine whose Python has no pip is told so', { skip: unsupported }, async (t) => {
  const folder = t.testdir()
  await addCommand(folder, 'g++', 'exit 0')
  await addCommand(folder, 'python3', 'test "$1" = --version')
  const { status, stderr } = setUp(['--force'], folder)
  t.equal(status, 2)
  t.match(stderr, /no pip: python3 -m pip does not run \(.*apt-get install python3-pip\)/)
  t.notMatch(stderr, 'no C++ compiler')
})

t.test(
  'a download with the wrong content is refused, and what was installed stays',
  {
    skip: unsupported || notInstalled,
  },
  async (t) => {
    const folder = t.testdir()
    const before = await hasNativeLibrary(installFolder(), wheel)
    const bindingBefore = existsSync(findBinding(installFolder()).file)
    await addCommand(folder, 'g++', 'test "$1" = --version')
    const download = `while [ $# -gt 0 ]; do if [ "$1" = --dest ]; then echo tampered > "$2/${wheel.file}"; fi; shift; done`
    await addCommand(folder, 'python3', `case "$*" in *download*) ${download};; esac`)
    const { status, stderr } = setUp(['--force'], folder)
    t.equal(status, 1)
    t.match(
      stderr,
      new RegExp(`${wheel.file} is not the file it should be: SHA-256 is [0-9a-f]{64}, expected ${wheel.sha256}`),
    )
    t.equal(await hasNativeLibrary(installFolder(), wheel), before)
    t.notOk(existsSync(path.join(installFolder(), 'deps.partial')))
    t.equal(existsSync(findBinding(installFolder()).file), bindingBefore)
  },
)

t.test('a wrong option is named, with exit code 2', async (t) => {
  const { status, stderr } = setUp(['--frce'])
  t.equal(status, 2)
  t.match(stderr, "Unknown option '--frce'")
})

t.test('a platform TensorFlow has no build for is named', async (t) => {
  t.match(platformProblem('darwin', 'arm64'), /on Linux x64 and arm64; this is darwin arm64/)
  t.match(platformProblem('linux', 'ppc64'), /this is linux ppc64/)
})

t.test('a printed command can be pasted into a shell', async (t) => {
  const words = ['plain', 'two words', '$HOME', "it's"]
  const { stdout } = spawnSync('/bin/sh', ['-c', commandLine('printf', ['%s|', ...words])], { encoding: 'utf8' })
  t.equal(stdout, `${words.join('|')}|`)
})
