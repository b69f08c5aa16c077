import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { json } from 'node:stream/consumers'

export interface ReceivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number }
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
}

interface TraceRequest {
  resourceSpans: { resource: unknown; scopeSpans: { spans: ReceivedSpan[] }[] }[]
}

/** Takes in what an OTLP exporter sends over HTTP, as JSON. */
export class OtlpCollector {
  readonly received: TraceRequest[] = []
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, port: number) {
    this.#server = server
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(): Promise<OtlpCollector> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const collector = new OtlpCollector(server, typeof address === 'object' && address ? address.port : 0)
    server.on('request', async (request, reply) => {
      if (request.url !== '/v1/traces') return reply.writeHead(404).end()
      collector.received.push((await json(request)) as TraceRequest)
      reply.setHeader('content-type', 'application/json').end('{}')
    })
    return collector
  }

  get spans(): ReceivedSpan[] {
    return this.received.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    )
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
