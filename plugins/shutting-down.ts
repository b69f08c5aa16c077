import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

/**
 * Once the app is being closed, what still arrives on open connections is refused; what was accepted is answered. Clients
 * like to keep a connection for their next request, and the app is closed when the last connection is.
 */
export default fp(
  async (app) => {
    let closing = false
    app.addHook('preClose', async () => {
      closing = true
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
