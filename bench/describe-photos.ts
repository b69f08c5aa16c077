import type { FaceErrorCode } from '../lib/errors.js'
import type { PresetName } from '../lib/face/presets.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { DescribeContract } from './describe-worker.js'
import type { PhotoFile } from './photo-files.js'
import { WorkerProcess } from './worker-process.js'

export interface DescribeOptions {
  readonly runtime: RuntimeChoice
  readonly preset: PresetName
  /** How many processes share the work. */
  readonly processes: number
  /** Called after each photo. */
  readonly onPhoto: () => void
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal: AbortSignal
}

export interface DescribedSet {
  readonly runtime: string
  /** The backend in words: library and version. */
  readonly description: string
  /** By stem; length 1. */
  readonly descriptors: ReadonlyMap<string, Float32Array>
  /** Photos without descriptor, and why. */
  readonly failures: readonly { readonly photo: string; readonly reason: FaceErrorCode }[]
  /** Mean over the photos: decoding, finding, aligning and describing. */
  readonly millisecondsPerPhoto: number
}

/**
 * Describes the main face of each photo with the service's own pipeline, in processes of their own.
 * @throws Error when the runtime does not load, a file cannot be read, or a process ends by itself
 */
export async function describePhotos(photos: readonly PhotoFile[], options: DescribeOptions): Promise<DescribedSet> {
  const script = new URL('./describe-worker.js', import.meta.url)
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const descriptors = new Map<string, Float32Array>()
  const failures: { photo: string; reason: FaceErrorCode }[] = []
  let milliseconds = 0
  let next = 0

  const share = async () => {
    const { worker, ready } = await WorkerProcess.start<DescribeContract>(
      script,
      [options.runtime, options.preset],
      signal,
    )
    while (next < photos.length) {
      const { stem, path } = photos[next++]
      const answer = await worker.ask(path).catch((error: Error) => {
        throw new Error(`${path}: ${error.message}`)
      })
      milliseconds += answer.milliseconds
      if ('descriptor' in answer) descriptors.set(stem, answer.descriptor)
      else failures.push({ photo: stem, reason: answer.failure })
      options.onPhoto()
    }
    return ready
  }

  try {
    const processes = Math.min(options.processes, photos.length)
    const [ready] = await Promise.all(Array.from({ length: processes }, share))
    return { ...ready, descriptors, failures, millisecondsPerPhoto: milliseconds / photos.length }
  } finally {
    stop.abort()
  }
}
