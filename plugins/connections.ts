import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { onceAMinute } from '../lib/once-a-minute.js'

declare module 'fastify' {
  interface FastifyInstance {
    connections: ConnectionCounts
  }
}

export interface ConnectionCounts {
  /** Connections that are open now. */
  open: number
  /** Connections that were closed at once, as there were too many. */
  dropped: number
}

export interface ConnectionsOptions {
  /** Most connections at a time. */
  maxConnections: number
}

/**
 * Bounds the connections that are open at a time, and decorates `app.connections`. When the last place is taken, connections
 * that wait for their next request are closed, so that who comes next finds one; only when all are in use is a newcomer
 * turned away.
 */
export default fp<ConnectionsOptions>(
  async (app, { maxConnections }) => {
    const counts: ConnectionCounts = { open: 0, dropped: 0 }
    app.decorate('connections', counts)
    app.server.maxConnections = maxConnections

    app.server.on('connection', (connection: Socket) => {
      counts.open++
      connection.once('close', () => counts.open--)
      if (counts.open >= maxConnections) app.server.closeIdleConnections()
    })
    const warn = onceAMinute(() => {
      app.log.warn(
        { dropped: counts.dropped },
        `${maxConnections} connections are in use: no more are taken (FACEMETRIC_MAX_CONNECTIONS)`,
      )
    })
    app.server.on('drop', () => {
      counts.dropped++
      warn()
    })
  },
  { name: 'facemetric-connections', fastify: '5.x' },
)
