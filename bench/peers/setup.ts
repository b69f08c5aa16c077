/** Installs the Python libraries that `npm run bench:peers` compares with, into a folder of their own. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { PEERS_VARIABLE, peersFolder } from './python-peer.js'

/** dlib is compiled, which takes some minutes and CMake; face_recognition_models asks for an old setuptools. */
const PACKAGES: readonly (readonly string[])[] = [
  ['setuptools<81', 'cmake'],
  ['dlib', 'face_recognition_models', 'face_recognition'],
  ['deepface', 'tf-keras'],
]

const folder = peersFolder()
process.stdout.write(`into ${folder} (${PEERS_VARIABLE} names another folder)\n`)
run('python3', ['-m', 'venv', folder])
for (const packages of PACKAGES) {
  // One that does not install leaves the others to be compared with.
  if (!run(path.join(folder, 'bin', 'pip'), ['install', '--quiet', ...packages])) {
    process.stderr.write(`not installed: ${packages.join(', ')}\n`)
    process.exitCode = 1
  }
}

function run(command: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) process.stderr.write(`${command}: ${error.message}\n`)
  return status === 0
}
