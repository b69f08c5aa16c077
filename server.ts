/** The service as a process: reads the environment, listens, and stops when it is told to. */
import { setFlagsFromString } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import { type Config, readConfig, unknownSettings } from './lib/config.js'
import { keepMemoryOutOfCoreDumps } from './lib/core-dumps.js'
import { GatheredLog } from './lib/gathered-log.js'
import { startFaceEngine } from './lib/start-face-engine.js'
import { openTerminalLog } from './lib/terminal-log.js'

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** How long requests that were accepted may go on once the process is told to stop. */
const GRACE_MS = 25_000
/** Ctrl-C may arrive twice, from the terminal and from npm; a second one after this long is meant as such. */
const SAME_SIGNAL_MS = 1000

keepMemoryOutOfCoreDumps()
keepObjectsYoung()
try {
  await serve()
} catch (error) {
  // For whoever started it: one line says more than a stack.
  process.stderr.write(`facemetric: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

/**
 * V8 makes objects where old ones lie if others of their kind lasted, as those of requests under way do just after the start, while
 * there is little room for young ones. From there each leads to all else of its request, which so is moved there, too, and lasts
 * until old objects are collected (docs/PERFORMANCE.md).
 */
function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}

async function serve(): Promise<void> {
  let app: FastifyInstance | undefined
  // First of all: as process 1 of a container it would not hear of a signal otherwise.
  stopWhenTold(() => app)
  const config = readConfig(process.env)
  // First, as it takes longest: the rest of the service is loaded while the inference processes load the networks.
  const startedEngine = startFaceEngine(config)
  const [{ buildApp }, { rehearseRequests }] = await Promise.all([
    import('./app.js'),
    import('./lib/rehearsal/requests.js'),
  ])
  const logStream = (await openTerminalLog()) ?? new GatheredLog()
  // With an app of its own, so that nothing of it is counted or logged.
  const rehearsal: Partial<Config> = { tempDir: config.tempDir, docs: 'off', page: 'off' }
  async function meanwhile(): Promise<void> {
    try {
      await rehearseRequests((faceEngine) => buildApp({ config: rehearsal, faceEngine, logStream: { write() {} } }))
      service.log.debug('rehearsed: the first request will take no longer than the next')
    } catch (error) {
      service.log.warn(error, 'the first requests may take longer')
    }
  }
  const service = buildApp({ config, startedEngine: { ...startedEngine, meanwhile }, logStream })
  app = service
  const misspelt = unknownSettings(process.env)
  if (misspelt.length > 0) service.log.warn(`there is no setting ${misspelt.join(', ')}`)

  await service.listen({ port: config.port, host: config.host })
  if (logStream instanceof GatheredLog) logStream.gather()
}

/** @param running gives the app, once there is one */
function stopWhenTold(running: () => FastifyInstance | undefined): void {
  let since: number | undefined
  async function stop(signal: string): Promise<void> {
    const app = running()
    if (app === undefined) process.exit(0)
    if (since !== undefined) {
      if (performance.now() - since > SAME_SIGNAL_MS) process.exit(1)
      return
    }
    since = performance.now()
    app.log.info(`${signal}: finishing what was accepted`)
    const timer = setTimeout(() => {
      app.log.error(`not finished after ${GRACE_MS / 1000} s: giving up`)
      process.exit(1)
    }, GRACE_MS)
    await app.close()
    clearTimeout(timer)
    process.exit(0)
  }
  for (const signal of STOP_SIGNALS) process.on(signal, stop)
}
