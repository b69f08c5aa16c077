import type { Socket } from 'node:net'
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

declare module 'fastify' {
  interface FastifyInstance {
    outcomes: Outcomes
  }
}

/** How a request ended. */
export interface Outcome {
  /** Undefined where the connection brought no whole header, as are `reply`, `method` and `route`. */
  readonly request?: FastifyRequest
  readonly reply?: FastifyReply
  readonly method?: string
  /** The pattern of the route, such as `/compare`; undefined where there is none. The path a client made up is not told. */
  readonly route?: string
  /** Of the reply; 499 when the client left before it had it. */
  readonly status: number
  readonly milliseconds: number
  readonly problem?: Problem
  /** Of the client: the peer, or what a trusted proxy says. */
  readonly address?: string
}

type Listener = (outcome: Outcome) => void

/**
 * Sees every request from its beginning to its end, however it ends, and tells each outcome once. It takes the place of the
 * lines Fastify logs itself: two for a request that goes well, and none for one without a whole header.
 */
export class Outcomes extends LogController {
  readonly #listeners: Listener[] = []
  readonly #open = new WeakMap<Socket, FastifyReply>()

  onOutcome(listener: Listener): void {
    this.#listeners.push(listener)
  }

  override incomingRequest(request: FastifyRequest, reply: FastifyReply): void {
    const started = performance.now()
    const address = request.ip // Gone with the connection.
    request.log.debug('arrived')
    this.#open.set(request.raw.socket, reply)
    let sent = false
    reply.raw.once('finish', () => {
      sent = true
    })
    // This event comes however it ends: Fastify's own hook is left out when the client leaves.
    reply.raw.once('close', () => {
      const left = sent ? undefined : new Problem('client_closed_request')
      const problem = reply.problem ?? left
      this.#tell({
        request,
        reply,
        method: request.method,
        route: request.routeOptions.url,
        status: problem?.status ?? reply.statusCode,
        milliseconds: performance.now() - started,
        problem,
        address,
      })
    })
  }

  override requestCompleted(): void {}

  override streamError(...[error, ...about]: Parameters<LogController['streamError']>): void {
    // Of a client that left, its outcome tells.
    const { code }: NodeJS.ErrnoException = error
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE') super.streamError(error, ...about)
  }

  /** A connection was refused by Node itself, with `problem`: that ends the request it has brought, or is one of its own. */
  connectionRefused(socket: Socket, problem: Problem): void {
    const reply = this.#open.get(socket)
    if (reply !== undefined && !reply.raw.writableEnded) reply.problem = problem
    else this.#tell({ status: problem.status, milliseconds: 0, problem, address: socket.remoteAddress })
  }

  #tell(outcome: Outcome): void {
    for (const listener of this.#listeners) listener(outcome)
  }
}

/** Decorates `app.outcomes`: the one that was given to Fastify as its log controller. */
export default fp<{ outcomes: Outcomes }>(
  async (app, { outcomes }) => {
    app.decorate('outcomes', outcomes)
  },
  { name: 'facemetric-outcomes', fastify: '5.x' },
)
