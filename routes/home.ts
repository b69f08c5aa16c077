import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { PACKAGE_ROOT } from '../lib/package-root.js'
import { inArea } from '../plugins/areas.js'

/** `GET /`: what the service is and how to call it, and the few files that page needs. */
export const homeRoutes: FastifyPluginAsync = async (app) => {
  app.addHook('onRoute', inArea('page'))
  await app.register(fastifyStatic, { root: path.join(PACKAGE_ROOT, 'public'), wildcard: false })
}
