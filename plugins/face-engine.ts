import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import { createFaceEngine } from '../lib/create-face-engine.js'
import type { PresetName } from '../lib/face/presets.js'
import type { FaceEngine } from '../lib/face-engine.js'
import { createPooledFaceEngine } from '../lib/pool/pooled-face-engine.js'
import type { ProcessEvent } from '../lib/pool/process-keeper.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { PrecisionChoice } from '../lib/runtime/precision.js'
import type { SamePhotoPolicy } from '../schemas/compare.js'

declare module 'fastify' {
  interface FastifyInstance {
    faceEngine: FaceEngine
  }
}

export interface FaceEngineOptions {
  /** An engine that is there already; whoever made it closes it. Without it one is loaded, and closed with the app. */
  faceEngine?: FaceEngine
  /** Runtime of the networks. */
  engine?: RuntimeChoice
  /** How thoroughly a face is described. */
  preset?: PresetName
  /** How often two different people may be taken for the same. */
  falseMatchRate?: number
  /** What the networks are computed with. */
  precision?: PrecisionChoice
  /** Most pixels one photo may have. */
  maxPixels?: number
  /** What becomes of a live photo that is a copy of the reference photo. */
  samePhoto?: SamePhotoPolicy
  /** Least quality a face must have to be compared. */
  minQuality?: number
  /** Inference processes; 0 compares in this process. */
  workers: number
  /** Comparisons that may wait for an inference process. */
  queue?: number
  /** Seconds a comparison may take. */
  timeout?: number
  /** Megabytes of memory one inference process may take. */
  workerMemory?: number
}

/** Decorates `app.faceEngine`. */
export default fp<FaceEngineOptions>(
  async (
    app,
    {
      faceEngine,
      engine: runtime,
      precision,
      preset,
      falseMatchRate,
      maxPixels,
      samePhoto,
      minQuality,
      workers,
      queue,
      timeout,
      workerMemory,
    },
  ) => {
    if (faceEngine) {
      app.decorate('faceEngine', faceEngine)
      return
    }
    const engine = { runtime, precision, preset, falseMatchRate, maxPixels, samePhoto, minQuality }
    // Named one by one: the inference processes are handed them, and among the service's settings are keys and passwords.
    const pool = { workers, queue, timeout, workerMemory, onEvent: (event: ProcessEvent) => logProcess(app.log, event) }
    const loaded: FaceEngine =
      workers === 0
        ? await createFaceEngine({ ...engine, warmUp: true })
        : await createPooledFaceEngine({ ...engine, ...pool })
    app.decorate('faceEngine', loaded)
    app.addHook('onClose', () => loaded.close())
    const { description, failed } = loaded
    app.log.info({ engine: loaded.runtime, failed, workers }, `face engine: ${loaded.runtime} (${description})`)
  },
  { name: 'facemetric-face-engine', fastify: '5.x' },
)

function logProcess(log: FastifyBaseLogger, event: ProcessEvent): void {
  if (event.type === 'ready') {
    log.info({ worker: event.pid, milliseconds: event.milliseconds }, 'inference process ready')
  } else {
    log.error({ worker: event.pid, restartIn: event.restartIn }, `inference process ${event.reason}`)
  }
}
