import { FaceError, type FaceErrorCode } from '../lib/errors.js'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'

/** Sent once, when the networks are loaded. */
export interface WorkerReady {
  readonly type: 'ready'
  readonly runtime: string
  readonly description: string
}

/** Answer to a path that was sent: the descriptor, or why the photo has none. */
export interface PhotoDescribed {
  readonly type: 'described'
  readonly path: string
  /** From the closed file to the descriptor, in milliseconds. */
  readonly milliseconds: number
  readonly descriptor?: Float32Array
  readonly failure?: FaceErrorCode
}

/** The process cannot go on. */
export interface WorkerFailed {
  readonly type: 'failed'
  readonly reason: string
}

export type WorkerMessage = WorkerReady | PhotoDescribed | WorkerFailed

/** Describes the photos whose paths it is sent, one after another, until it is disconnected. */
async function serve(runtime: RuntimeChoice): Promise<void> {
  const { networks } = await loadNetworks(runtime)

  async function describe(path: string): Promise<PhotoDescribed> {
    const begun = performance.now()
    const timed = () => ({ type: 'described', path, milliseconds: performance.now() - begun }) as const
    try {
      const [{ descriptor }] = await analysePhotos(networks, [{ photo: await openPhoto(path) }], 'largest')
      return { ...timed(), descriptor }
    } catch (error) {
      if (error instanceof FaceError) return { ...timed(), failure: error.code }
      throw error
    }
  }

  process.on('message', (path: string) => {
    describe(path).then(send, fail)
  })
  send({ type: 'ready', runtime: networks.runtime, description: networks.description })
}

function send(message: WorkerMessage): void {
  process.send?.(message)
}

function fail(error: unknown): void {
  send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
}

process.on('disconnect', () => process.exit())
// Ctrl-C reaches the whole group; the parent decides when this process ends.
process.on('SIGINT', () => {})
serve(process.argv[2] as RuntimeChoice).catch(fail)
