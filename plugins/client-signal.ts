import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Aborts when the client leaves before it has its reply. (Fastify's own `request.signal` aborts as soon as the body
     * has been read to its end.)
     */
    clientSignal: AbortSignal
  }
}

/** Decorates `request.clientSignal`. */
export default fp(
  async (app) => {
    app.decorateRequest('clientSignal')
    app.addHook('onRequest', async (request, reply) => {
      const controller = new AbortController()
      request.clientSignal = controller.signal
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) controller.abort(new Problem('client_closed_request'))
      })
    })
  },
  { name: 'facemetric-client-signal', fastify: '5.x' },
)
