import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

/**
 * Says which methods a path takes: to who asks with OPTIONS, and in `Allow` of a 405 to who tried another. Where no method
 * would do the answer is 404. Questions of browsers (CORS preflight) are left to whoever lets other origins call.
 */
export default fp(
  async (app) => {
    /** What comes before the star in the patterns of routes that take whatever follows. */
    const folders: string[] = []
    app.addHook('onRoute', ({ url }) => {
      if (url.endsWith('/*')) folders.push(url.slice(0, -1))
    })

    function allowedAt(url: string): string[] {
      const patterns = [url, ...folders.filter((folder) => url.startsWith(folder)).map((folder) => `${folder}*`)]
      const methods = app.supportedMethods.filter((method) => patterns.some((at) => app.hasRoute({ method, url: at })))
      return methods.length === 0 ? [] : [...methods, 'OPTIONS']
    }

    /** @throws Problem that there is nothing at this path */
    function allow(url: string): string {
      const methods = allowedAt(url)
      if (methods.length === 0) throw new Problem('not_found', `There is nothing at ${url}.`)
      return methods.join(', ')
    }

    app.addHook('onRequest', async (request, reply) => {
      const isPreflight = request.headers['access-control-request-method'] !== undefined
      if (request.method !== 'OPTIONS' || isPreflight) return
      return reply
        .code(204)
        .header('allow', allow(pathOf(request.url)))
        .send()
    })
    app.setNotFoundHandler((request, reply) => {
      const path = pathOf(request.url)
      const methods = allow(path)
      if (request.method === 'OPTIONS') return reply.code(204).header('allow', methods).send()
      const detail = `${path} takes ${methods}, not ${request.method}.`
      throw new Problem('method_not_allowed', detail, { headers: { allow: methods } })
    })
  },
  { name: 'facemetric-allowed-methods', fastify: '5.x', dependencies: ['facemetric-problems'] },
)

function pathOf(url: string): string {
  return url.split('?', 1)[0]
}
