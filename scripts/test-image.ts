/** Builds an image of the Dockerfile, starts it hardened and asks it: npm run test:image -- --target slim */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { writeSamplePhotos } from '../lib/sample-photos.js'
import { VERSION } from '../lib/version.js'
import { buildImage, buildProblem, type MountedImage, mountImage, removeImage } from './image/buildah.js'
import {
  checkConfig,
  checkLeftovers,
  checkLibraries,
  checkOwners,
  type Target,
  unpackedSize,
} from './image/file-checks.js'
import {
  checkAnswers,
  checkHealth,
  checkPrivileges,
  checkScheduling,
  checkStop,
  checkWritable,
  ENGINES,
  residentMegabytes,
  startContainer,
} from './image/run-checks.js'

const HELP = `Builds an image with buildah, looks through its files, starts it as an orchestrator would (read-only root, a
tmpfs on /tmp, no capabilities, process 1), compares photos of the same and of different people, and stops it.

Usage: npm run test:image [-- OPTION]
  --target NAME   full (default) or slim
  --image NAME    test this image, which is there already, and build none
  --keep          keep the image that was built
  --help          this text

Exit codes: 0 all is as it should be; 1 something is not; 2 images cannot be built here, or the command line is wrong.
Needs Linux, root, buildah, util-linux and curl.`

/** The most the slim image may take on disk. */
const SLIM_MEGABYTES = 350
/** Somebody the image has never heard of, as OpenShift starts containers. */
const ANY_USER = '1234567:0'

let failures = 0

async function check(name: string, look: () => unknown): Promise<void> {
  try {
    const found = await look()
    console.log(`ok    ${name}${found === undefined ? '' : `: ${found}`}`)
  } catch (error) {
    failures++
    console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : error}`)
  }
}

async function checkFiles(image: MountedImage, target: Target, version: string): Promise<void> {
  await check('configuration and labels', () => checkConfig(image, version))
  await check('no leftovers', () => checkLeftovers(image, target))
  await check('native libraries of this platform alone', () => checkLibraries(image))
  await check('no file of the service is its user’s', () => checkOwners(image))
  await check('size, unpacked', () => {
    const megabytes = Math.round(unpackedSize(image) / 1e6)
    if (target === 'slim' && megabytes >= SLIM_MEGABYTES) throw new Error(`${megabytes} MB, over ${SLIM_MEGABYTES}`)
    return `${megabytes} MB`
  })
}

async function checkRunning(image: MountedImage, target: Target): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'facemetric-image-'))
  const photos = await writeSamplePhotos(folder)
  const container = await startContainer(image)
  try {
    await check('start until ready', async () => `${Math.round(await container.ready())} ms`)
    await check('a right and a wrong pair', () => checkAnswers(container, target, photos))
    await check('health', () => checkHealth(container, image))
    await check('no privileges', () => checkPrivileges(container, '1000'))
    await check('inference processes are scheduled as a batch', () => checkScheduling(container))
    await check('nothing but the tmpfs can be written, nothing is left in it', () => checkWritable(container))
    await check('memory, one worker', () => `${residentMegabytes(container)} MB`)
    await check('the command line', () =>
      container.run('facemetric', 'doctor', '--engine', ENGINES[target]).split('\n').at(-2),
    )
    await check(
      'SIGTERM while it compares',
      async () => `ended after ${Math.round(await checkStop(container, photos))} ms`,
    )
  } finally {
    await container.kill()
  }
  const other = await startContainer(image, { user: ANY_USER })
  try {
    await check('start as an unknown user', async () => `${Math.round(await other.ready())} ms`)
    await check('its answers', () => checkAnswers(other, target, photos))
  } finally {
    await other.kill()
    await rm(folder, { recursive: true })
  }
}

function revision(): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : 'unknown'
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: { target: { ...text, default: 'full' }, image: text, keep: flag, help: flag },
  })
  if (values.help) return console.log(HELP)
  const { target } = values
  if (target !== 'full' && target !== 'slim') throw new TypeError(`--target takes full or slim; got '${target}'`)
  const problem = buildProblem()
  if (problem !== undefined) throw new TypeError(problem)
  const name = values.image ?? `localhost/facemetric-test:${target}`
  if (values.image === undefined) buildImage(target, name, { VERSION, REVISION: revision() })
  const image = mountImage(name)
  try {
    await checkFiles(image, target, VERSION)
    await checkRunning(image, target)
  } finally {
    image.unmount()
    if (values.image === undefined && !values.keep) removeImage(name)
  }
  console.log(
    failures === 0 ? `The ${target} image is as it should be.` : `${failures} checks of the ${target} image failed.`,
  )
  process.exitCode = failures === 0 ? 0 : 1
}

try {
  await main()
} catch (error) {
  console.error(`test:image: ${error instanceof Error ? error.message : error}`)
  process.exitCode = error instanceof TypeError ? 2 : 1
}
