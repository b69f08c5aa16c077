import type { Comparison, Faces } from '../schemas/compare.js'
import type { PoolStats } from './pool/describer-pool.js'
import type { RuntimeName } from './runtime/face-networks.js'
import type { FailedRuntime } from './runtime/load-networks.js'
import type { Timings } from './timings.js'

export interface CompareOptions {
  /** Largest distance that counts as the same person, above 0 and below 2. Default: the calibrated one. */
  threshold?: number
  /** What to do with more than one face in a photo. Default: `largest`. */
  faces?: Faces
  /** Gives up when aborted: the promise rejects with the signal's reason. */
  signal?: AbortSignal
  /** Told how long each phase took, before the promise fulfils. */
  onTimings?: (timings: Timings) => void
}

/** Whether comparisons can be made now, and if not, why. */
export type Readiness = { ready: true } | { ready: false; reason: string }

/** Compares photos that lie on disk. */
export interface FaceEngine {
  /** Undefined while none has loaded: only where inference runs in other processes. */
  readonly runtime: RuntimeName | undefined
  /** The backend in words: library and version. */
  readonly description: string
  /** Runtimes that were tried before this one, and why they do not load. */
  readonly failed: readonly FailedRuntime[]
  /**
   * Whether two photos show the same person.
   * @param referencePath path of the reference photo
   * @param livePath path of the live photo, or of up to `MOST_LIVE_IMAGES`: then the reply has `results`, and the rest of it
   *   is about the one that is most alike. Each is a chance for strangers, so all are held to a threshold at which the false
   *   match rate of all together is that of one otherwise.
   * @throws FaceError when a photo cannot be used, with the field it is about; of several live photos, when none can
   * @throws UnavailableError when it cannot be done now, through no fault of the photos
   * @throws RangeError when the threshold is not above 0 and below 2, `faces` is none of its choices, or there are too many live photos
   */
  compare(referencePath: string, livePath: string | readonly string[], options?: CompareOptions): Promise<Comparison>
  readiness(): Readiness
  /**
   * Keeps a place for a comparison whose photos are still on their way, so that no more are read than can be compared.
   * @returns gives the place back: to be called right before `compare`, or when nothing comes of it
   * @throws UnavailableError when a comparison asked for now would be refused
   */
  reserve(): () => void
  /** How the inference processes and their queue are; only where inference runs in other processes. */
  stats?(): PoolStats
  close(): Promise<void>
}

/** An engine in this process: it has loaded, or there is none. */
export interface LoadedFaceEngine extends FaceEngine {
  readonly runtime: RuntimeName
}
