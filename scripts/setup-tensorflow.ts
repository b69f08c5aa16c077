import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { TFJS_NODE } from '../lib/runtime/tfjs-node.js'
import { COMPILER, compileBinding, findBinding } from './tensorflow/binding.js'
import { missingRequirements, platformProblem } from './tensorflow/machine.js'
import { hasNativeLibrary, installNativeLibrary } from './tensorflow/native-library.js'
import { installCommand, installFolder, missingPackages, projectFolder } from './tensorflow/package.js'
import { type CommandOutcome, commandLine, runCommand, tryCommand } from './tensorflow/run.js'
import { downloadCommand, WHEELS } from './tensorflow/wheel.js'

const HELP = `Sets up the native TensorFlow backend: completes the npm package ${TFJS_NODE} with TensorFlow's C library,
taken from the Python package index, and a binding compiled here. Needs a C++ compiler, python3 with pip and 1.3 GB of
disk (850 MB stay). Does nothing where ${TFJS_NODE} already works.

Usage: npm run setup:tensorflow [-- OPTION]
  --dry-run   say what would be done, and do nothing
  --force     set it up again even where it works
  --help      this text

Exit codes: 0 it works; 1 a step failed; 2 this machine lacks something, or the command line is wrong.
Mirrors and proxies: pip and npm take theirs from their own settings (PIP_INDEX_URL, PIP_FIND_LINKS, npm_config_registry).
TensorFlow is under the Apache License 2.0; its licence and those of its parts are put beside its libraries.`

/** Something the person at the keyboard has to change first. */
class SetupError extends Error {}

/** Whether tfjs-node works, found out by running an operation in a process of its own. */
function checkTensorflow(): CommandOutcome {
  return tryCommand(process.execPath, [fileURLToPath(new URL('check-tensorflow.js', import.meta.url))])
}

let stepsDone = 0
function step(title: string): void {
  stepsDone++
  console.log(`[${stepsDone}/6] ${title}`)
}

function wheelForThisMachine() {
  const problem = platformProblem()
  const wheel = WHEELS[process.arch]
  if (problem !== undefined || wheel === undefined) {
    throw new SetupError(`${problem}. Without it faces are compared by the onnx runtime, which needs no setup.`)
  }
  return wheel
}

async function describe(): Promise<void> {
  const wheel = wheelForThisMachine()
  const missing = missingPackages()
  const install = missing.length > 0 ? commandLine(...(await installCommand(missing))) : 'already installed'
  step(`See whether ${TFJS_NODE} works: run an operation`)
  step(`Check this machine: ${COMPILER}, python3 with pip, disk space`)
  step(`Install ${TFJS_NODE} without its install script: ${install}`)
  step(
    `Fetch TensorFlow ${wheel.version} (${wheel.megabytes} MB): ${commandLine(...downloadCommand(wheel, 'deps.partial'))}`,
  )
  console.log(`      check its SHA-256 (${wheel.sha256}), unpack its libraries and headers into ${TFJS_NODE}/deps`)
  step(`Compile the binding of ${TFJS_NODE} with ${COMPILER}`)
  step('Run an operation with it')
}

async function setUp(force: boolean): Promise<void> {
  step(`Seeing whether ${TFJS_NODE} works`)
  const before = force ? undefined : checkTensorflow()
  if (before?.ok) {
    console.log(`It does: ${before.stdout}. Nothing to do.`)
    return
  }
  console.log(before === undefined ? 'Not asked: --force' : `Not yet: ${before.reason}`)
  const wheel = wheelForThisMachine()

  step(`Checking this machine: ${COMPILER}, python3 with pip, disk space`)
  const problems = await missingRequirements(installFolder())
  if (problems.length > 0) throw new SetupError(`this machine lacks something:\n- ${problems.join('\n- ')}`)

  const missing = missingPackages()
  step(`Installing ${missing.join(' and ') || 'nothing: the npm packages are there'}`)
  if (missing.length > 0) await runCommand(...(await installCommand(missing)), projectFolder())

  const folder = installFolder()
  const binding = findBinding(folder).file
  // A library whose binding does not work is not trusted; one without a binding is where the last run broke off.
  const libraryIsThere = !force && !existsSync(binding) && (await hasNativeLibrary(folder, wheel))
  step(`Fetching TensorFlow ${wheel.version}: ${libraryIsThere ? 'already there' : `${wheel.megabytes} MB`}`)
  if (!libraryIsThere) {
    await installNativeLibrary(folder, wheel)
    await rm(binding, { force: true })
  }

  step(`Compiling the binding with ${COMPILER} (half a minute)`)
  await compileBinding(folder)

  step('Running an operation with it')
  const after = checkTensorflow()
  if (!after.ok) {
    await rm(binding, { force: true }) // a binding that may crash the process it is loaded in must not stay
    throw new Error(`it was built but does not work here: ${after.reason}`)
  }
  console.log(`It works: ${after.stdout}. Licences: ${folder}/deps`)
}

async function main(): Promise<void> {
  const options = { 'dry-run': { type: 'boolean' }, force: { type: 'boolean' }, help: { type: 'boolean' } } as const
  const { values } = parseArgs({ options })
  if (values.help) console.log(HELP)
  else if (values['dry-run']) await describe()
  else await setUp(values.force ?? false)
}

try {
  await main()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(`setup:tensorflow: ${message}`)
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  process.exitCode = error instanceof SetupError || isUsage ? 2 : 1
}
