import fp from 'fastify-plugin'
import { serverTiming, type Timings } from '../lib/timings.js'

/** How long each phase of a request took, in milliseconds; `upload` lasts until its photos have arrived. */
export interface PhaseTimings extends Timings {
  upload: number
}

declare module 'fastify' {
  interface FastifyReply {
    /** Set by the route; null while nothing was compared. */
    phaseTimings: PhaseTimings | null
  }
}

/** Decorates `reply.phaseTimings`, and sends what it holds as a `Server-Timing` header, which browsers show beside a request. */
export default fp(
  async (app) => {
    app.decorateReply('phaseTimings', null)
    app.addHook('onSend', async (_request, reply) => {
      if (reply.phaseTimings !== null) reply.header('server-timing', serverTiming({ ...reply.phaseTimings }))
    })
  },
  { name: 'facemetric-phase-timings', fastify: '5.x' },
)
