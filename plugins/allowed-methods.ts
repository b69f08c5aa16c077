import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { pathOf } from '../lib/path-of.js'
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

    function allowedAt(path: string): string[] {
      // What a client has made up is no pattern: of ours none has such characters.
      const itself = /[:*(){}]/.test(path) ? [] : [path]
      const patterns = [...itself, ...folders.filter((folder) => path.startsWith(folder)).map((folder) => `${folder}*`)]
      const methods = app.supportedMethods.filter((method) => patterns.some((at) => app.hasRoute({ method, url: at })))
      return methods.length === 0 ? [] : [...methods, 'OPTIONS']
    }

    /** @throws Problem that there is nothing at this path */
    function allow(url: string): string {
      const path = pathOf(url)
      const methods = allowedAt(path)
      if (methods.length === 0) throw nothingAt(path)
      return methods.join(', ')
    }

    const tellMethods = (url: string, reply: FastifyReply) => reply.code(204).header('allow', allow(url)).send()

    function refuse({ method, url }: FastifyRequest): never {
      const methods = allow(url)
      // Such as a file that is not in a folder of files.
      if (methods.split(', ').includes(method)) throw nothingAt(pathOf(url))
      const detail = `${pathOf(url)} takes ${methods}, not ${method}.`
      throw new Problem('method_not_allowed', detail, { headers: { allow: methods } })
    }

    app.addHook('onRequest', async ({ method, headers, url }, reply) => {
      const isPreflight = headers['access-control-request-method'] !== undefined
      if (method === 'OPTIONS' && !isPreflight) return tellMethods(url, reply)
    })
    // Whatever the body of such a request is: it is not looked at.
    app.addHook('preParsing', async (request, reply) => {
      if (!request.is404) return
      return request.method === 'OPTIONS' ? tellMethods(request.url, reply) : refuse(request)
    })
    app.setNotFoundHandler(refuse)
  },
  { name: 'facemetric-allowed-methods', fastify: '5.x', dependencies: ['facemetric-problems'] },
)

function nothingAt(path: string): Problem {
  return new Problem('not_found', `There is nothing at ${path}.`)
}
