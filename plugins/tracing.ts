import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { onceAMinute } from '../lib/once-a-minute.js'
import { openTracing, type RequestSpan } from '../lib/tracing.js'
import { type TrustPeer, trustsPeerOf } from '../lib/trusted-proxies.js'
import type { Outcome } from './outcomes.js'
import { phasesOf } from './phase-timings.js'

export interface TracingOptions {
  /** Of the collector; without it nothing is traced. */
  otlpEndpoint?: string
  /** Whose `traceparent` is believed: of anybody else it would mix strangers' traces into one's own. */
  trustPeer: TrustPeer | undefined
}

/** What is asked every few seconds would hide the rest. */
const UNTRACED = ['health', 'metrics']
const REASON_LENGTH = 500

/**
 * A span for each request, with one for each phase of a comparison in it, sent to an OpenTelemetry collector; each line of
 * the log about a request tells its trace. Spans hold no more of a person than the log does by default, and no address.
 */
export default fp<TracingOptions>(
  async (app, { otlpEndpoint, trustPeer }) => {
    if (otlpEndpoint === undefined) return
    // A collector that is away fails every few seconds.
    const onError = onceAMinute((message: string) => {
      app.log.warn({ reason: message.slice(0, REASON_LENGTH) }, 'traces cannot be sent')
    })
    const tracing = await openTracing(otlpEndpoint, onError).catch((error: Error) => {
      app.log.warn(`OTEL_EXPORTER_OTLP_ENDPOINT is set, but nothing is traced: ${error.message}`)
    })
    if (tracing === undefined) return
    app.addHook('onClose', () => tracing.close())
    app.log.info('traces are sent to an OpenTelemetry collector')

    const spans = new WeakMap<FastifyRequest, RequestSpan>()
    app.addHook('onRequest', async (request, reply) => {
      if (UNTRACED.includes(request.routeOptions.config.area ?? '')) return
      const { traceparent } = request.headers
      const trusted = trustsPeerOf(request.socket, trustPeer)
      const span = tracing.startRequest(trusted && typeof traceparent === 'string' ? traceparent : undefined)
      spans.set(request, span)
      request.log = request.log.child({ trace_id: span.traceId, span_id: span.spanId })
      reply.log = request.log
    })
    app.outcomes.onOutcome((outcome) => {
      if (outcome.request !== undefined) spans.get(outcome.request)?.end(described(outcome))
    })
  },
  { name: 'facemetric-tracing', fastify: '5.x', dependencies: ['facemetric-outcomes'] },
)

/** Names and attributes as in OpenTelemetry's semantic conventions for HTTP servers. */
function described({ method = '', route, status, problem, reply }: Outcome) {
  return {
    name: route === undefined ? method : `${method} ${route}`,
    attributes: {
      'http.request.method': method,
      'http.response.status_code': status,
      ...(route === undefined ? {} : { 'http.route': route }),
      ...(problem === undefined ? {} : { 'error.type': problem.code }),
      ...(reply?.comparison === undefined ? {} : { 'facemetric.engine': reply.comparison.engine }),
    },
    failed: status >= 500,
    phases: (reply && phasesOf(reply)) ?? {},
  }
}
