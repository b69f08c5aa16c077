import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Problem } from '../lib/problem.js'
import { LiveSchema, ReadySchema } from '../schemas/health.js'
import { jsonResponse } from '../schemas/json-response.js'
import { problemResponses } from '../schemas/problem.js'

const OPTIONS = {
  /** Probes ask every few seconds: only what goes wrong is worth a line in the log. */
  logLevel: 'warn',
  config: { area: 'health' },
} as const

/** `GET /health/live`: the process answers. `GET /health/ready`: it can compare photos now. */
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
          200: jsonResponse(ReadySchema, {
            description: 'They can',
            example: { status: 'ready', engine: 'onnx', description: 'onnxruntime-node 1.30.0', failed: [] },
          }),
          ...problemResponses('not_ready'),
        },
      },
    },
    async () => {
      const { runtime, description, failed } = app.faceEngine
      const readiness = app.faceEngine.readiness()
      if (!readiness.ready) throw new Problem('not_ready', `Not ready: ${readiness.reason}.`)
      if (runtime === undefined) throw new Problem('not_ready')
      return { status: 'ready' as const, engine: runtime, description, failed: [...failed] }
    },
  )
}
