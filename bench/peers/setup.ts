/** Installs the Python libraries that `npm run bench:peers` compares with, into a folder of their own. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { PEERS_VARIABLE, peersFolder } from './python-peer.js'

/**
 * Arguments of pip, one call each. dlib comes compiled, with AVX, in dlib-bin, which face_recognition does not know as dlib;
 * face_recognition_models asks for an old setuptools. DeepFace finds faces with data that
 * OpenCV ships no more since version 5, and imports werkzeug without asking for it.
 */
const INSTALLS: readonly (readonly string[])[] = [
  ['setuptools<81', 'dlib-bin', 'face_recognition_models', 'numpy', 'Pillow', 'click'],
  ['--no-deps', 'face_recognition'],
  ['deepface', 'tf-keras', 'opencv-contrib-python-headless<5', 'werkzeug'],
]

const folder = peersFolder()
process.stdout.write(`into ${folder} (${PEERS_VARIABLE} names another folder)\n`)
run('python3', ['-m', 'venv', folder])
for (const args of INSTALLS) {
  // One that does not install leaves the others to be compared with.
  if (!run(path.join(folder, 'bin', 'pip'), ['install', '--quiet', ...args])) {
    process.stderr.write(`not installed: ${args.join(' ')}\n`)
    process.exitCode = 1
  }
}

function run(command: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) process.stderr.write(`${command}: ${error.message}\n`)
  return status === 0
}
