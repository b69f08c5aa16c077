import type { SamePhotoPolicy } from '../schemas/compare.js'
import type { PresetName } from './face/presets.js'
import type { FaceEngine } from './face-engine.js'
import { createPooledFaceEngine } from './pool/pooled-face-engine.js'
import type { ProcessEvent } from './pool/process-keeper.js'
import type { RuntimeChoice } from './runtime/load-networks.js'
import type { PrecisionChoice } from './runtime/precision.js'

/** What a service may set of its engine, by the names of its settings. */
export interface EngineSettings {
  /** Runtime of the networks. */
  readonly engine?: RuntimeChoice
  /** How thoroughly a face is described. */
  readonly preset?: PresetName
  /** How often two different people may be taken for the same. */
  readonly falseMatchRate?: number
  /** What the networks are computed with. */
  readonly precision?: PrecisionChoice
  /** Most pixels one photo may have. */
  readonly maxPixels?: number
  /** What becomes of a live photo that is a copy of the reference photo. */
  readonly samePhoto?: SamePhotoPolicy
  /** Least quality a face must have to be compared. */
  readonly minQuality?: number
  /** Inference processes; 0 compares in this process. */
  readonly workers: number
  /** Comparisons that may wait for an inference process. */
  readonly queue?: number
  /** Seconds a comparison may take. */
  readonly timeout?: number
  /** Megabytes of memory one inference process may take. */
  readonly workerMemory?: number
}

/** A face engine on its way. */
export interface StartedFaceEngine {
  /** Fulfils when it can compare. */
  readonly engine: Promise<FaceEngine>
  /** Tells of each start and end of an inference process, those before included. For one listener. */
  onEvent(listener: (event: ProcessEvent) => void): void
  /** Done while the engine starts, once all else of the app is there; never rejects. */
  meanwhile?(): Promise<void>
  /** Closes it as soon as it has started; may be called more than once. */
  close(): Promise<void>
}

/** Starts the engine of a service: its inference processes, or the networks in this process. */
export function startFaceEngine(settings: EngineSettings): StartedFaceEngine {
  const earlier: ProcessEvent[] = []
  let tell: (event: ProcessEvent) => void = (event) => earlier.push(event)
  const engine = load(settings, (event) => tell(event))
  engine.catch(() => {}) // Whoever waits for it is told, which may be later.
  let closed: Promise<void> | undefined
  return {
    engine,
    onEvent(listener) {
      tell = listener
      for (const event of earlier.splice(0)) listener(event)
    },
    close() {
      closed ??= engine.then(
        (started) => started.close(),
        () => {}, // There is none.
      )
      return closed
    },
  }
}

async function load(
  { engine: runtime, workers, queue, timeout, workerMemory, ...settings }: EngineSettings,
  onEvent: (event: ProcessEvent) => void,
): Promise<FaceEngine> {
  // Named one by one: the inference processes are handed them, and among the service's settings are keys and passwords.
  const { precision, preset, falseMatchRate, maxPixels, samePhoto, minQuality } = settings
  const engine = { runtime, precision, preset, falseMatchRate, maxPixels, samePhoto, minQuality }
  if (workers > 0) return createPooledFaceEngine({ ...engine, workers, queue, timeout, workerMemory, onEvent })
  // Loaded only here: what decodes photos is not part of a service that leaves it to others.
  const { createFaceEngine } = await import('./create-face-engine.js')
  return createFaceEngine({ ...engine, warmUp: true })
}
