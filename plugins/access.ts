import type { AddressInfo } from 'node:net'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'
import type { Area } from './areas.js'

export interface AccessOptions {
  /** Whether there are API keys, so that one is needed. */
  needsKey: boolean
  /** The areas that are open nevertheless. */
  open: readonly Area[]
}

/** Refuses requests that need an API key and bring none, before anything of their body is read. */
export default fp<AccessOptions>(
  async (app, { needsKey, open }) => {
    if (!needsKey) {
      app.addHook('onListen', async () => {
        const outside = app.addresses().filter((address) => !isLoopback(address))
        if (outside.length === 0) return
        app.log.warn(
          'open to everybody who reaches it: no API key is set (FACEMETRIC_API_KEYS, FACEMETRIC_API_KEYS_FILE)',
        )
      })
      return
    }
    const isOpen = (area: Area | undefined) => area !== undefined && open.includes(area)
    app.addHook('onRequest', async (request) => {
      // What is not there needs no key; a method that is not allowed is said to be so.
      if (request.caller !== undefined || request.is404 || isOpen(request.routeOptions.config.area)) return
      const { authorization, 'x-api-key': apiKey } = request.headers
      const sent = authorization !== undefined || apiKey !== undefined
      throw new Problem('unauthorized', sent ? 'This API key is not known.' : undefined, {
        // RFC 6750, section 3.
        headers: { 'www-authenticate': `Bearer realm="facemetric"${sent ? ', error="invalid_token"' : ''}` },
      })
    })
  },
  { name: 'facemetric-access', fastify: '5.x', dependencies: ['facemetric-callers', 'facemetric-problems'] },
)

/** A socket in the file system is no address that others reach either. */
function isLoopback(address: AddressInfo | string): boolean {
  return typeof address === 'string' || /^(127\.|::1$|::ffff:127\.)/.test(address.address)
}
