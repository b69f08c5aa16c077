import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FaceErrorCode } from '../lib/errors.js'
import { childEnvironment } from '../lib/pool/child-environment.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { WorkerMessage } from './describe-worker.js'
import type { PhotoFile } from './photo-files.js'

export interface DescribeOptions {
  readonly runtime: RuntimeChoice
  /** How many processes share the work. */
  readonly processes: number
  /** Called after each photo. */
  readonly onPhoto?: () => void
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface DescribedSet {
  readonly runtime: string
  /** The backend in words: library and version. */
  readonly description: string
  /** By stem; length 1. */
  readonly descriptors: ReadonlyMap<string, Float32Array>
  /** Photos without descriptor, and why. */
  readonly failures: readonly { readonly photo: string; readonly reason: FaceErrorCode }[]
  /** Mean over the photos: decoding, finding, aligning and describing, in milliseconds. */
  readonly millisecondsPerPhoto: number
}

const WORKER = fileURLToPath(new URL('./describe-worker.js', import.meta.url))

/**
 * Describes the main face of each photo with the service's own pipeline, in processes of their own.
 * @throws Error when the runtime does not load, a photo cannot be read, or a process ends by itself
 */
export async function describePhotos(photos: readonly PhotoFile[], options: DescribeOptions): Promise<DescribedSet> {
  const descriptors = new Map<string, Float32Array>()
  const failures: { photo: string; reason: FaceErrorCode }[] = []
  let milliseconds = 0
  let engine = { runtime: '', description: '' }
  let next = 0

  const work = (worker: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      let current: PhotoFile | undefined
      const take = () => {
        if (next === photos.length) return resolve()
        current = photos[next++]
        worker.send(current.path)
      }
      worker.on('error', reject)
      worker.on('exit', (code, signal) => {
        const during = current === undefined ? 'while it loaded the networks' : `at ${current.path}`
        reject(new Error(`an evaluation process ended ${during} (${signal ?? `exit code ${code}`})`))
      })
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'failed') {
          return reject(new Error(current === undefined ? message.reason : `${current.path}: ${message.reason}`))
        }
        if (message.type === 'ready') {
          engine = message
        } else if (current !== undefined) {
          milliseconds += message.milliseconds
          if (message.descriptor !== undefined) descriptors.set(current.stem, message.descriptor)
          else if (message.failure !== undefined) failures.push({ photo: current.stem, reason: message.failure })
          options.onPhoto?.()
        }
        take()
      })
    })

  options.signal?.throwIfAborted()
  const workers = Array.from({ length: Math.min(options.processes, photos.length) }, () =>
    fork(WORKER, [options.runtime], { env: childEnvironment(process.env), serialization: 'advanced' }),
  )
  const aborted = new Promise<never>((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true })
  })
  try {
    await Promise.race([Promise.all(workers.map(work)), aborted])
  } finally {
    for (const worker of workers) worker.removeAllListeners('exit').kill('SIGKILL')
  }
  return {
    runtime: engine.runtime,
    description: engine.description,
    descriptors,
    failures,
    millisecondsPerPhoto: milliseconds / photos.length,
  }
}
