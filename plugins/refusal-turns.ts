import { setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { Pacer } from '../lib/pacer.js'

declare module 'fastify' {
  interface FastifyReply {
    /** Fulfils when one more request may be refused. */
    refusalTurn(): Promise<void>
  }
}

export interface RefusalTurnsOptions {
  /** Inference processes; 0 where there are none of their own. */
  workers: number
}

/**
 * Requests a second that are refused at once, for each inference process: some nine times what it can compare. Clients that
 * ask again as soon as they are refused would have the processor to themselves otherwise.
 */
const REFUSALS_PER_PROCESS = 600
/** Part of the connections from which on nobody waits to be refused: whoever waits keeps a connection that others may need. */
const CROWDED = 0.5

/** Lets refusals take turns where there are too many: decorates `reply.refusalTurn()`. */
export default fp<RefusalTurnsOptions>(
  async (app, { workers }) => {
    const pacer = new Pacer(REFUSALS_PER_PROCESS * Math.max(1, workers))
    // An app that only takes this route in has neither a limit of its own nor this count.
    const isCrowded = () =>
      app.hasPlugin('facemetric-connections') && app.connections.open > CROWDED * app.server.maxConnections

    app.decorateReply('refusalTurn', async function refusalTurn() {
      const wait = pacer.next()
      if (wait === 0 || isCrowded()) return
      const left = new AbortController()
      const leave = () => left.abort()
      this.raw.once('close', leave)
      await sleep(wait, undefined, { signal: left.signal }).catch(() => {})
      this.raw.off('close', leave)
    })
  },
  { name: 'facemetric-refusal-turns', fastify: '5.x' },
)
