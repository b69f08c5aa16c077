import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

/** Once the app is being closed, what still arrives on open connections is refused; what was accepted is answered. */
export default fp(
  async (app) => {
    let closing = false
    app.addHook('preClose', async () => {
      closing = true
    })
    app.addHook('onRequest', async () => {
      if (closing) throw new Problem('shutting_down')
    })
  },
  { name: 'facemetric-shutting-down', fastify: '5.x' },
)
