import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

/** How long a connection that has not said anything may delay the end; a request on its way is here sooner. */
const SILENCE_MS = 1000

/**
 * Once the app is being closed, what still arrives on open connections is refused; what was accepted is answered. Clients
 * like to keep a connection for their next request, and the app is closed when the last connection is.
 */
export default fp(
  async (app) => {
    let closing = false
    const connections = new Set<Socket>()

    app.server.on('connection', (connection: Socket) => {
      connections.add(connection)
      connection.once('close', () => connections.delete(connection))
    })
    app.addHook('preClose', async () => {
      closing = true
      // Browsers open connections in advance: these are not idle in Node's sense, which is between requests.
      const endSilent = () => {
        for (const connection of connections) if (connection.bytesRead === 0) connection.destroy()
      }
      setTimeout(endSilent, SILENCE_MS).unref()
    })
    app.addHook('onRequest', async () => {
      if (closing) throw new Problem('shutting_down')
    })
    app.addHook('onSend', async (_request, reply) => {
      if (closing) reply.header('connection', 'close')
    })
    // For those whose header was on its way already; Fastify itself only closes connections that were idle before.
    app.addHook('onResponse', async () => {
      if (closing) setImmediate(() => app.server.closeIdleConnections())
    })
  },
  { name: 'facemetric-shutting-down', fastify: '5.x' },
)
