import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { runCommand } from './run.js'

/** A Python package that holds TensorFlow's C library and headers; nothing of its Python is used. */
export interface Wheel {
  readonly project: string
  readonly version: string
  readonly platform: string
  readonly file: string
  readonly sha256: string
  readonly megabytes: number
}

const VERSION = '2.21.0'
/** Any python3 can fetch the wheel of any CPython, and the C library is the same in each. */
const PYTHON_VERSION = '3.12'
const PYTHON_TAG = 'cp312'

/** One wheel an architecture (`process.arch`), with the SHA-256 that PyPI lists for it. */
export const WHEELS: Readonly<Record<string, Wheel>> = {
  x64: {
    project: 'tensorflow-cpu',
    version: VERSION,
    platform: 'manylinux_2_27_x86_64',
    file: `tensorflow_cpu-${VERSION}-${PYTHON_TAG}-${PYTHON_TAG}-manylinux_2_27_x86_64.whl`,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    megabytes: 274,
  },
  arm64: {
    project: 'tensorflow', // on arm64 this one is the CPU build; there is no tensorflow-cpu
    version: VERSION,
    platform: 'manylinux_2_27_aarch64',
    file: `tensorflow-${VERSION}-${PYTHON_TAG}-${PYTHON_TAG}-manylinux_2_27_aarch64.whl`,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    megabytes: 282,
  },
}

/** The oldest C library the wheels run on (manylinux_2_27). */
export const OLDEST_GLIBC = '2.27'

/** The two libraries under the names they are linked by (their SONAMEs). */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

/** From where in the wheel to where under the target: the libraries, what the binding includes, and the licences. */
const PARTS = [
  ...LIBRARIES.map((library) => [`tensorflow/${library}`, `lib/${library}`]),
  ['tensorflow/include/tensorflow/c/', 'include/tensorflow/c/'],
  ['tensorflow/include/tensorflow/core/platform/', 'include/tensorflow/core/platform/'],
  ['tensorflow/include/tsl/platform/', 'include/tsl/platform/'],
  ['tensorflow/include/xla/tsl/c/', 'include/xla/tsl/c/'],
  ['tensorflow/include/LICENSE', 'LICENSE'],
  ['tensorflow/THIRD_PARTY_NOTICES.txt', 'THIRD_PARTY_NOTICES.txt'],
]

/** Python's own zip reader: it streams, checks each entry's CRC, and python3 is there for pip anyway. */
const UNPACK = `
import json, os, shutil, sys, zipfile
wheel, target, parts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with zipfile.ZipFile(wheel) as archive:
    for source, destination in parts:
        found = [name for name in archive.namelist() if name == source or (source.endswith('/') and name.startswith(source))]
        if not found:
            sys.exit('the wheel holds no ' + source)
        for name in found:
            file = os.path.join(target, destination + name[len(source):])
            if name.endswith('/'):
                continue
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with archive.open(name) as entry, open(file, 'wb') as out:
                shutil.copyfileobj(entry, out, 1 << 20)
`

/** The command that fetches the wheel from the package index, or the folder, that pip is set up for. */
export function downloadCommand(wheel: Wheel, folder: string): [command: string, args: string[]] {
  const tag = ['--implementation', 'cp', '--python-version', PYTHON_VERSION, '--abi', PYTHON_TAG]
  const where = ['--platform', wheel.platform, '--dest', folder]
  const what = ['--no-deps', '--only-binary=:all:', `${wheel.project}==${wheel.version}`]
  return ['python3', ['-m', 'pip', 'download', '--disable-pip-version-check', ...tag, ...where, ...what]]
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * Downloads the wheel into `folder` and checks its SHA-256.
 * @returns the path of the wheel
 * @throws Error when pip fails, or when the file is not the one this version was made for (it is deleted then)
 */
export async function downloadWheel(wheel: Wheel, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await runCommand(...downloadCommand(wheel, folder))
  const file = path.join(folder, wheel.file)
  const sha256 = await sha256Of(file)
  if (sha256 !== wheel.sha256) {
    await rm(file)
    throw new Error(`${wheel.file} is not the file it should be: SHA-256 is ${sha256}, expected ${wheel.sha256}`)
  }
  return file
}

/** Unpacks lib/, include/ and the licences of a wheel into `target`. */
export async function unpackWheel(file: string, target: string): Promise<void> {
  await runCommand('python3', ['-c', UNPACK, file, target, JSON.stringify(PARTS)])
}
