import type { Context, Span, Tracer } from '@opentelemetry/api'
import { VERSION } from './version.js'

/** A collector that does not answer may not hold up the end of the service for longer. */
const EXPORT_TIMEOUT_MS = 2000
const SERVICE_NAME = 'facemetric'
const PACKAGES = [
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/resources',
  '@opentelemetry/exporter-trace-otlp-http',
]

/** Part of a span's time, in milliseconds. */
export type Phases = Readonly<Record<string, number>>

/** A request as it is traced, from its head to the last byte of its reply. */
export interface RequestSpan {
  /** Names the trace, 32 hexadecimal digits, and this span in it, 16. */
  readonly traceId: string
  readonly spanId: string
  end(outcome: { name: string; attributes: Record<string, string | number>; failed: boolean; phases: Phases }): void
}

export interface Tracing {
  /** @param traceparent whose part the request is, as the W3C writes it; without it a trace of its own begins */
  startRequest(traceparent?: string): RequestSpan
  /** Sends what has not been sent yet. */
  close(): Promise<void>
}

/**
 * Sends traces to a collector by OTLP over HTTP. What else OpenTelemetry reads from the environment (`OTEL_SERVICE_NAME`,
 * `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS` and others) holds as well.
 * @param endpoint of the collector, without the path
 * @param onError told when traces cannot be sent
 * @throws Error that names the packages when they are not installed
 */
export async function openTracing(endpoint: string, onError: (message: string) => void): Promise<Tracing> {
  const [
    api,
    { BasicTracerProvider, BatchSpanProcessor },
    { defaultResource, resourceFromAttributes },
    { OTLPTraceExporter },
  ] = await loadPackages()
  const ignore = () => {}
  api.diag.setLogger({ error: onError, warn: ignore, info: ignore, debug: ignore, verbose: ignore })
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  })
  const own = { 'service.name': process.env.OTEL_SERVICE_NAME ?? SERVICE_NAME, 'service.version': VERSION }
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(own)),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  const tracer = provider.getTracer(SERVICE_NAME, VERSION)
  return {
    startRequest: (traceparent) => {
      const span = tracer.startSpan('request', { kind: api.SpanKind.SERVER }, contextOf(api, traceparent))
      return requestSpan(api, tracer, span)
    },
    close: () => provider.shutdown().catch((error: unknown) => onError(String(error))),
  }
}

type Api = typeof import('@opentelemetry/api')

async function loadPackages() {
  try {
    return await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ])
  } catch (cause) {
    throw new Error(`traces need packages that are not installed: npm install ${PACKAGES.join(' ')}`, { cause })
  }
}

/** Source: W3C Trace Context, section 3.2; later versions may have more behind what this one has. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/

function contextOf({ ROOT_CONTEXT, trace }: Api, traceparent = ''): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? []
  if (traceId === undefined) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true })
}

function requestSpan({ ROOT_CONTEXT, SpanStatusCode, trace }: Api, tracer: Tracer, span: Span): RequestSpan {
  const began = Date.now()
  return {
    ...span.spanContext(),
    end({ name, attributes, failed, phases }) {
      span.updateName(name).setAttributes(attributes)
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
      const inside = trace.setSpan(ROOT_CONTEXT, span)
      let startTime = began
      // One phase follows another.
      for (const [phase, milliseconds] of Object.entries(phases)) {
        tracer.startSpan(phase, { startTime }, inside).end(startTime + milliseconds)
        startTime += milliseconds
      }
      span.end()
    },
  }
}
