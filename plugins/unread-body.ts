import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'

/** How long the rest of a request that was answered already may go on arriving. */
const LINGER_MS = 10_000

/**
 * Many clients read the reply only after they have sent all. So when a request is answered before it has arrived, the rest
 * is read and thrown away for a while: closing the connection at once would destroy the reply on its way (RFC 9112,
 * section 9.6), not reading would leave both sides waiting for each other.
 */
export default fp(
  async (app) => {
    const lingering = new Set<IncomingMessage>()

    app.addHook('onSend', async ({ raw }, reply) => {
      // Fastify asks for that when a body could not be parsed.
      if (!raw.complete) reply.removeHeader('connection')
    })
    app.addHook('onResponse', async ({ raw }) => {
      if (raw.complete || raw.destroyed) return
      raw.unpipe()
      raw.resume()
      lingering.add(raw)
      const timer = setTimeout(() => raw.destroy(), LINGER_MS).unref()
      raw.once('close', () => {
        clearTimeout(timer)
        lingering.delete(raw)
      })
    })
    app.addHook('preClose', async () => {
      for (const raw of lingering) raw.destroy()
    })
  },
  { name: 'facemetric-unread-body', fastify: '5.x' },
)
