import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { registerConnectionMetrics } from '../lib/metrics/connection-metrics.js'
import { registerEngineMetrics } from '../lib/metrics/engine-metrics.js'
import { processMetrics } from '../lib/metrics/process-metrics.js'
import { type CountedRequest, RequestMetrics } from '../lib/metrics/request-metrics.js'
import { problemResponses } from '../schemas/problem.js'
import type { Outcome } from './outcomes.js'
import { phasesOf } from './phase-timings.js'

/** `GET /metrics`: how the service is doing, in the text format of Prometheus. */
const metrics: FastifyPluginAsyncTypebox = async (app) => {
  const registry = new Registry()
  const requests = new RequestMetrics(registry)
  registerEngineMetrics(registry, () => app.faceEngine)
  registerConnectionMetrics(registry, app.connections)
  app.outcomes.onOutcome((outcome) => requests.count(counted(outcome)))

  const all = Registry.merge([registry, processMetrics()])
  app.get(
    '/metrics',
    {
      logLevel: 'warn', // Prometheus asks every few seconds.
      config: { area: 'metrics' },
      schema: {
        operationId: 'metrics',
        tags: ['operations'],
        summary: 'How the service is doing, for Prometheus',
        response: {
          200: {
            description: 'The metrics in the text format of Prometheus',
            content: {
              'text/plain': { schema: Type.String(), examples: { example: { value: 'facemetric_ready 1\n' } } },
            },
          },
          ...problemResponses('unauthorized'),
        },
      },
    },
    async (_request, reply) => {
      requests.countAll()
      return reply.type(all.contentType).send(await all.metrics())
    },
  )
}

function counted({ reply, method, route, status, milliseconds, problem }: Outcome): CountedRequest {
  const identical = reply?.comparison?.identical
  return { method, route, status, milliseconds, problem: problem?.code, identical, phases: reply && phasesOf(reply) }
}

export default fp(metrics, {
  name: 'facemetric-metrics',
  fastify: '5.x',
  dependencies: ['facemetric-connections', 'facemetric-outcomes'],
})
