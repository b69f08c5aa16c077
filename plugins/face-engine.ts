import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import type { FaceEngine } from '../lib/face-engine.js'
import type { ProcessEvent } from '../lib/pool/process-keeper.js'
import { type EngineSettings, type StartedFaceEngine, startFaceEngine } from '../lib/start-face-engine.js'

export interface FaceEngineOptions extends EngineSettings {
  /** An engine that is there already; whoever made it closes it. Without it one is loaded, and closed with the app. */
  faceEngine?: FaceEngine
  /** An engine that was started earlier with these settings; closed with the app. */
  startedEngine?: StartedFaceEngine
}

/** Decorates `app.faceEngine`. */
export default fp<FaceEngineOptions>(
  async (app, { faceEngine, startedEngine, ...settings }) => {
    if (faceEngine) {
      app.decorate('faceEngine', faceEngine)
      return
    }
    const started = startedEngine ?? startFaceEngine(settings)
    app.addHook('onClose', () => started.close())
    started.onEvent((event) => logProcess(app.log, event))
    const [loaded] = await Promise.all([started.engine, started.meanwhile?.()])
    app.decorate('faceEngine', loaded)
    const { description, failed, runtime } = loaded
    const about = { engine: runtime, failed, workers: settings.workers }
    if (runtime === undefined) app.log.warn(about, `no face engine yet: ${whyNot(loaded)}`)
    else app.log.info(about, `face engine: ${runtime} (${description})`)
  },
  { name: 'facemetric-face-engine', fastify: '5.x' },
)

function whyNot(engine: FaceEngine): string {
  const readiness = engine.readiness()
  return readiness.ready ? 'it has just become ready' : readiness.reason
}

function logProcess(log: FastifyBaseLogger, event: ProcessEvent): void {
  if (event.type === 'ready') {
    const { pid: worker, milliseconds, scheduling } = event
    log.info({ worker, milliseconds, scheduling }, 'inference process ready')
  } else {
    log.error({ worker: event.pid, restartIn: event.restartIn }, `inference process ${event.reason}`)
  }
}
