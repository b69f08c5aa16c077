import fp from 'fastify-plugin'
import type { PartState, PluginPart } from '../schemas/health.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** How each part of the service is, by its name; asked whenever somebody wants to know. */
    parts: Map<PluginPart, () => PartState | Promise<PartState>>
  }
}

/** Decorates `app.parts`, in which plugins enter what they look after. */
export default fp(
  async (app) => {
    app.decorate('parts', new Map())
  },
  { name: 'facemetric-parts', fastify: '5.x' },
)
