import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

declare module 'fastify' {
  interface FastifyReply {
    /**
     * A signal for work that is done for this reply alone. It aborts when the client leaves before it has its reply, or
     * after so many seconds; its reason is the Problem to answer with. (Fastify's own `request.signal` aborts as soon as
     * the body has been read to its end.)
     */
    workSignal(seconds: number): AbortSignal
  }
}

/** Decorates `reply.workSignal()`. */
export default fp(
  async (app) => {
    app.decorateReply('workSignal', function workSignal(seconds) {
      const controller = new AbortController()
      const timer = setTimeout(() => controller.abort(new Problem('timeout')), seconds * 1000)
      const onClose = () => {
        clearTimeout(timer)
        if (!this.raw.writableFinished) controller.abort(new Problem('client_closed_request'))
      }
      if (this.raw.destroyed) onClose()
      else this.raw.once('close', onClose)
      return controller.signal
    })
  },
  { name: 'facemetric-work-signal', fastify: '5.x' },
)
