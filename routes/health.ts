import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { FaceEngine } from '../lib/face-engine.js'
import { Problem } from '../lib/problem.js'
import { withoutPaths } from '../lib/without-paths.js'
import { LiveSchema, NOT_READY, type PartState, type Parts, READY_EXAMPLE, ReadySchema } from '../schemas/health.js'
import { jsonResponse } from '../schemas/json-response.js'
import { problemResponses } from '../schemas/problem.js'

const OPTIONS = {
  /** Probes ask every few seconds: only what goes wrong is worth a line in the log. */
  logLevel: 'warn',
  config: { area: 'health' },
} as const

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it can compare photos now. Anybody may ask, so no reply names
 * a path of this machine; the log does.
 */
export const healthRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/health/live',
    {
      ...OPTIONS,
      schema: {
        operationId: 'isLive',
        tags: ['health'],
        summary: 'Whether the process answers',
        response: {
          200: jsonResponse(LiveSchema, { description: 'It does', example: { status: 'live' } }),
          ...problemResponses(),
        },
      },
    },
    async () => ({ status: 'live' as const }),
  )

  app.get(
    '/health/ready',
    {
      ...OPTIONS,
      schema: {
        operationId: 'isReady',
        tags: ['health'],
        summary: 'Whether photos can be compared now',
        response: {
          200: jsonResponse(ReadySchema, { description: 'They can', example: READY_EXAMPLE }),
          ...problemResponses('not_ready'),
          503: NOT_READY,
        },
      },
    },
    async () => {
      const { runtime, description, failed } = app.faceEngine
      const parts = await stateOfParts(app)
      const reasons = Object.entries(parts).flatMap(([part, { status, detail }]) =>
        status === 'failed' ? [`${part}: ${detail}`] : [],
      )
      if (reasons.length > 0) throw new Problem('not_ready', `Not ready: ${reasons.join('; ')}.`, { more: { parts } })
      if (runtime === undefined) throw new Problem('not_ready', undefined, { more: { parts } })
      const others = failed.map(({ runtime, reason }) => ({ runtime, reason: withoutPaths(reason) }))
      return { status: 'ready' as const, engine: runtime, description, failed: others, parts }
    },
  )
}

async function stateOfParts({ faceEngine, parts }: FastifyInstance): Promise<Parts> {
  const others = await Promise.all([...parts].map(async ([name, state]) => [name, await state()] as const))
  return { engine: engineState(faceEngine), queue: queueState(faceEngine), ...Object.fromEntries(others) }
}

function engineState(engine: FaceEngine): PartState {
  const readiness = engine.readiness()
  if (!readiness.ready) return { status: 'failed', detail: withoutPaths(readiness.reason) }
  const processes = engine.stats?.().processes
  if (processes === undefined) return { status: 'ok' }
  const ready = processes.filter(({ state }) => state === 'idle' || state === 'busy').length
  const detail = `${ready} of ${processes.length} inference processes ready`
  return { status: ready === processes.length ? 'ok' : 'degraded', detail }
}

function queueState(engine: FaceEngine): PartState {
  const stats = engine.stats?.()
  if (stats === undefined) return { status: 'ok' }
  const { queued, queueLimit } = stats
  const isFull = queued > 0 && queued >= queueLimit
  return { status: isFull ? 'degraded' : 'ok', detail: `${queued} comparisons wait, ${queueLimit} may` }
}
