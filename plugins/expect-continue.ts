import type { IncomingMessage, ServerResponse } from 'node:http'
import fp from 'fastify-plugin'

/**
 * A client that asks first (`Expect: 100-continue`, as curl does for large files) is told to go on only once its request
 * has got as far as the body, so that a refusal spares it the upload. Node itself would tell it at once.
 */
export default fp(
  async (app) => {
    const asking = new WeakSet<IncomingMessage>()
    app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      asking.add(request)
      app.server.emit('request', request, response)
    })
    app.addHook('preParsing', async (request, reply) => {
      if (request.is404 || !asking.delete(request.raw)) return
      reply.raw.writeContinue()
    })
    app.addHook('onSend', async (request, reply) => {
      // The client sends no body now, or does so nevertheless: what comes next on this connection is anybody's guess.
      if (asking.has(request.raw)) reply.header('connection', 'close')
    })
  },
  { name: 'facemetric-expect-continue', fastify: '5.x' },
)
