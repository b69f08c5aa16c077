import type { PresetName } from '../../lib/face/presets.js'
import type { RuntimeChoice } from '../../lib/runtime/load-networks.js'

/** What every suite is told. One that has no use for an option ignores it. */
export interface SuiteOptions {
  /** Folder of the photos, and the list of the pairs (`readPairs`, `findPhotos`). */
  readonly images: string
  readonly pairs: string
  readonly runtime: RuntimeChoice
  readonly preset: PresetName
  /** All that are asked for, `preset` first; several only where `ofPresets` is set. */
  readonly presets: readonly PresetName[]
  /** Processes that share the work. */
  readonly processes: number
  /** At most this many pairs of a kind in each fold (`takePairs`). */
  readonly limit: number
  /** What chance starts from (`Random`), so that a run can be repeated. */
  readonly seed: number
  /** A slice that takes seconds and shows that the suite works, not what it measures. */
  readonly quick: boolean
  /** Write what the service reads, where the suite is one that measures it. */
  readonly calibrate: boolean
  /** What the set is called. */
  readonly name: string
}

export interface SuiteResult {
  /** For people: tables. */
  readonly text: string
  /** The same for programs, as JSON holds it. */
  readonly data: object
  /** SVG documents by name: lower case, words joined by hyphens. */
  readonly plots?: Readonly<Record<string, string>>
}

/**
 * Something that is measured on a set of photos: a file of this folder, listed in `bench/suites.ts`. It takes less than ten
 * minutes on two cores, tells its progress (`Progress`) on standard error, and prints nothing itself.
 */
export interface Suite {
  readonly name: string
  /** What it measures, in one line of the help. */
  readonly measures: string
  /** Whether it takes several presets at once. */
  readonly ofPresets?: boolean
  /** @param signal ends it early: it stops its processes and rejects with the signal's reason */
  run(options: SuiteOptions, signal: AbortSignal): Promise<SuiteResult>
}
