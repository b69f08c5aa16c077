import type { FaceErrorCode } from '../lib/errors.js'
import type { PresetName } from '../lib/face/presets.js'
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
  const [{ described }] = await describeByPresets(photos, { ...options, presets: [options.preset] }, signal)
  return described
}

/** The same by each preset, of which all but the last step is done once for all; the time is that of the first. */
export async function describeByPresets(
  photos: readonly PhotoFile[],
  options: SuiteOptions,
  signal: AbortSignal,
): Promise<{ preset: PresetName; described: DescribedSet }[]> {
  const requests = photos.map(({ path }) => ({ path, changes: [] }))
  const { answers, ready } = await seePhotos(requests, options, signal, options.presets)
  const failures = answers.flatMap(({ failure }, i) => (failure ? [{ photo: photos[i].stem, reason: failure }] : []))
  const millisecondsPerPhoto = answers.reduce((sum, answer) => sum + answer.milliseconds, 0) / photos.length
  return options.presets.map((preset) => {
    const descriptors = new Map(
      answers.flatMap(({ face }, i) => (face ? [[photos[i].stem, face.descriptors.get(preset)!] as const] : [])),
    )
    return { preset, described: { ...ready, descriptors, failures, millisecondsPerPhoto } }
  })
}
