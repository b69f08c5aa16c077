import Fastify, { type FastifyInstance } from 'fastify'
import { type Config, completeConfig } from './lib/config.js'
import type { FaceEngine } from './lib/face-engine.js'
import { sendRawProblem } from './lib/raw-problem.js'
import type { StartedFaceEngine } from './lib/start-face-engine.js'
import { parseTrustProxy } from './lib/trusted-proxies.js'
import { VERSION } from './lib/version.js'
import access from './plugins/access.js'
import allowedMethods from './plugins/allowed-methods.js'
import { AREAS } from './plugins/areas.js'
import callers from './plugins/callers.js'
import connections from './plugins/connections.js'
import cors from './plugins/cors.js'
import expectContinue from './plugins/expect-continue.js'
import { facemetric } from './plugins/facemetric.js'
import metrics from './plugins/metrics.js'
import openapi from './plugins/openapi.js'
import outcomesPlugin, { Outcomes } from './plugins/outcomes.js'
import parts from './plugins/parts.js'
import pipelinedReplies from './plugins/pipelined-replies.js'
import problems, { sendProblem } from './plugins/problems.js'
import rateLimit from './plugins/rate-limit.js'
import requestId, { requestIds, returnRequestId } from './plugins/request-id.js'
import requestLog from './plugins/request-log.js'
import securityHeaders from './plugins/security-headers.js'
import shuttingDown from './plugins/shutting-down.js'
import tracing from './plugins/tracing.js'
import unreadBody from './plugins/unread-body.js'
import { healthRoutes } from './routes/health.js'
import { homeRoutes } from './routes/home.js'
import { sampleRoutes } from './routes/samples.js'

/** Loading the networks on a slow disk takes longer than Fastify gives a plugin otherwise. */
const PLUGIN_TIMEOUT_MS = 120_000
/** A header is some hundred bytes; whoever needs longer for it is not in earnest. */
const MAX_HEADER_SECONDS = 15
/** How often Node looks for requests that take too long. */
const TIMEOUT_CHECK_MS = 1000
/** Longer than the 60 s for which proxies keep a connection, so that it is they who close it and no request gets lost. */
const KEEP_ALIVE_MS = 72_000
/** Then a client connects anew, and may come to another replica. */
const MAX_REQUESTS_PER_CONNECTION = 1000

export interface AppOptions {
  /** Settings that differ from their defaults; `readConfig(process.env)` gives those of the environment. */
  config?: Partial<Config>
  /** An engine that is there already; whoever made it closes it. Without it the one the settings name is loaded. */
  faceEngine?: FaceEngine
  /** An engine that was started earlier with these settings; it is closed with the app. */
  startedEngine?: StartedFaceEngine
  /** Where the log goes; standard output, as a line of JSON each, unless given. */
  logStream?: { write(line: string): unknown }
}

/**
 * The whole service as a Fastify app: plugins, then routes. It does not listen.
 * @throws Error that names each setting that is wrong
 */
export function buildApp({ config: settings, faceEngine, startedEngine, logStream }: AppOptions = {}): FastifyInstance {
  const config = completeConfig(settings)
  const trustPeer = parseTrustProxy(config.trustProxy)
  const needsKey = config.apiKeys !== undefined || config.apiKeysFile !== undefined
  const outcomes = new Outcomes()
  const requestTimeout = Math.ceil(config.uploadTimeout * 1000)
  const app: FastifyInstance = Fastify({
    logger: { level: config.logLevel, stream: logStream },
    logController: outcomes,
    trustProxy: trustPeer,
    genReqId: requestIds(trustPeer),
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Of a connection on which nothing moves: who does not read the replies keeps them in memory. Longer than any comparison.
    connectionTimeout: requestTimeout + Math.ceil(2 * config.timeout * 1000),
    maxRequestsPerSocket: MAX_REQUESTS_PER_CONNECTION,
    http: {
      headersTimeout: Math.min(MAX_HEADER_SECONDS * 1000, requestTimeout),
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    pluginTimeout: PLUGIN_TIMEOUT_MS,
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      const problem = sendRawProblem(error, socket)
      if (problem) outcomes.connectionRefused(socket, problem)
    },
    frameworkErrors: (error, request, reply) => {
      returnRequestId(request, reply) // no hook runs for these
      sendProblem(error, request, reply)
    },
  })

  // First, so that it is closed also where a plugin fails.
  if (startedEngine) app.addHook('onClose', () => startedEngine.close())
  app.register(outcomesPlugin, { outcomes })
  app.register(requestLog, config)
  app.register(problems)
  app.register(parts)
  app.register(requestId)
  app.register(tracing, { otlpEndpoint: config.otlpEndpoint, trustPeer })
  app.register(securityHeaders)
  app.register(unreadBody)
  app.register(pipelinedReplies)
  app.register(expectContinue)
  app.register(shuttingDown)
  app.register(connections, config)
  app.register(allowedMethods)
  app.register(cors, { corsOrigin: config.corsOrigin })
  app.register(callers, config)
  // Probes have no keys.
  const open = AREAS.filter((area) => area === 'health' || config[area] === 'open')
  app.register(rateLimit, { ...config, open: needsKey ? open : AREAS })
  app.register(access, { needsKey, open })
  if (config.docs !== 'off') app.register(openapi, { version: VERSION, needsKey, open, trustPeer })

  app.register(healthRoutes)
  if (config.metrics !== 'off') app.register(metrics)
  if (config.page !== 'off') {
    app.register(homeRoutes, { preset: config.preset })
    app.register(sampleRoutes)
  }
  // Last, as it waits for the engine: all else is there by then, and what is wrong with it shows at once.
  app.register(facemetric, { ...config, faceEngine, startedEngine })
  return app
}
