import type { FaceErrorCode } from '../lib/errors.js'
import type { PhotoFile } from './photo-files.js'
import { seePhotos } from './see-photos.js'
import type { SuiteOptions } from './suites/suite.js'

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

/** Describes the main face of each photo; throws what `seePhotos` does. */
export async function describePhotos(
  photos: readonly PhotoFile[],
  options: SuiteOptions,
  signal: AbortSignal,
): Promise<DescribedSet> {
  const requests = photos.map(({ path }) => ({ path, changes: [] }))
  const { answers, ready } = await seePhotos(requests, options, signal)
  const descriptors = new Map<string, Float32Array>()
  const failures: { photo: string; reason: FaceErrorCode }[] = []
  answers.forEach(({ face, failure }, i) => {
    if (face) descriptors.set(photos[i].stem, face.descriptor)
    else failures.push({ photo: photos[i].stem, reason: failure })
  })
  const milliseconds = answers.reduce((sum, answer) => sum + answer.milliseconds, 0)
  return { ...ready, descriptors, failures, millisecondsPerPhoto: milliseconds / photos.length }
}
