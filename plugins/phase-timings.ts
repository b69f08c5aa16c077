import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { serverTiming, type Timings } from '../lib/timings.js'

/** How long each phase of a request took, in milliseconds; `upload` lasts until its photos have arrived. */
export interface PhaseTimings extends Timings {
  upload: number
}

declare module 'fastify' {
  interface FastifyReply {
    /** Null while nothing was compared; see `setPhaseTimings`. */
    phaseTimings: PhaseTimings | null
    /** When the last of those phases had ended, in milliseconds since the request began. */
    phasesEnded: number
    /** To be called when the last phase has ended. */
    setPhaseTimings(timings: PhaseTimings): void
  }
}

/**
 * Decorates the reply with the timings of its phases, and sends them as a `Server-Timing` header, which browsers show beside a
 * request.
 */
export default fp(
  async (app) => {
    app.decorateReply('phaseTimings', null)
    app.decorateReply('phasesEnded', 0)
    app.decorateReply('setPhaseTimings', function setPhaseTimings(timings) {
      this.phaseTimings = timings
      this.phasesEnded = this.elapsedTime
    })
    app.addHook('onSend', async (_request, reply) => {
      if (reply.phaseTimings !== null) reply.header('server-timing', serverTiming({ ...reply.phaseTimings }))
    })
  },
  { name: 'facemetric-phase-timings', fastify: '5.x' },
)

/**
 * The phases of a request that has ended, in milliseconds: also `reply`, in which the photos are deleted and the answer goes
 * out. Undefined where nothing was compared.
 */
export function phasesOf({ phaseTimings, phasesEnded, elapsedTime }: FastifyReply): Record<string, number> | undefined {
  if (!phaseTimings) return undefined // In another scope it is not decorated.
  return { ...phaseTimings, reply: elapsedTime - phasesEnded }
}
