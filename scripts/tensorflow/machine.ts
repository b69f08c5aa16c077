import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import os from 'node:os'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { COMPILER } from './binding.js'
import { tryCommand } from './run.js'
import { OLDEST_GLIBC, WHEELS } from './wheel.js'

/** The wheel, its two libraries unpacked, and some air. */
const PACKAGE_MEGABYTES = 1300
/** pip keeps a download in the temporary folder until it is whole. */
const TEMPORARY_MEGABYTES = 350

const ReportSchema = Type.Object({ header: Type.Object({ glibcVersionRuntime: Type.String() }) })

/** Version of the GNU C library this Node runs on; undefined where it runs on another one (Alpine's musl). */
function glibcVersion(): string | undefined {
  const report: unknown = process.report.getReport()
  return Value.Check(ReportSchema, report) ? report.header.glibcVersionRuntime : undefined
}

/** Why TensorFlow has no build for this platform; undefined where it has. */
export function platformProblem(platform: string = process.platform, arch: string = process.arch): string | undefined {
  if (platform !== 'linux' || WHEELS[arch] === undefined) {
    return `the native backend can be set up on Linux x64 and arm64; this is ${platform} ${arch}`
  }
  const glibc = glibcVersion()
  if (glibc === undefined) return 'TensorFlow needs the GNU C library; this Linux has another one (Alpine has musl)'
  if (glibc.localeCompare(OLDEST_GLIBC, 'en', { numeric: true }) < 0) {
    return `TensorFlow needs glibc ${OLDEST_GLIBC} or newer; this machine has ${glibc}`
  }
  return undefined
}

function toolProblems(): string[] {
  const problems: string[] = []
  if (!tryCommand(COMPILER, ['--version']).ok) {
    problems.push(`no C++ compiler: ${COMPILER} does not run (Debian, Ubuntu: apt-get install g++)`)
  }
  if (!tryCommand('python3', ['--version']).ok) {
    problems.push('no Python: python3 does not run (Debian, Ubuntu: apt-get install python3 python3-pip)')
  } else if (!tryCommand('python3', ['-m', 'pip', '--version']).ok) {
    problems.push('no pip: python3 -m pip does not run (Debian, Ubuntu: apt-get install python3-pip)')
  }
  return problems
}

async function spaceProblems(folder: string): Promise<string[]> {
  const places = [
    { folder, needed: PACKAGE_MEGABYTES },
    { folder: os.tmpdir(), needed: TEMPORARY_MEGABYTES },
  ]
  const problems: string[] = []
  for (const place of places) {
    const { bavail, bsize } = await statfs(place.folder)
    const free = Math.floor((bavail * bsize) / 1e6)
    if (free < place.needed) problems.push(`${place.folder} has ${free} MB free; ${place.needed} MB are needed`)
  }
  return problems
}

/**
 * What is missing to set up the native backend inside `folder` (the tfjs-node package).
 * @returns one sentence a problem, each with its remedy; none when all is there
 */
export async function missingRequirements(folder: string): Promise<string[]> {
  const writable = await access(folder, constants.W_OK).then(
    () => [],
    () => [`${folder} cannot be written by this user`],
  )
  return [...toolProblems(), ...writable, ...(await spaceProblems(folder))]
}
