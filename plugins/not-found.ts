import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

/** Answers what no route takes: 405 with `Allow` where another method would do, 404 otherwise. */
export default fp(
  async (app) => {
    app.setNotFoundHandler((request) => {
      const url = request.url.split('?', 1)[0]
      const allowed = app.supportedMethods.filter((method) => app.hasRoute({ method, url }))
      if (allowed.length === 0) throw new Problem('not_found', `There is nothing at ${url}.`)
      const allow = allowed.join(', ')
      throw new Problem('method_not_allowed', `${url} takes ${allow}, not ${request.method}.`, { headers: { allow } })
    })
  },
  { name: 'facemetric-not-found', fastify: '5.x', dependencies: ['facemetric-problems'] },
)
