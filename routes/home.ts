import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { PACKAGE_ROOT } from '../lib/package-root.js'

/** `GET /`: what the service is and how to call it, and the few files that page needs. */
export const homeRoutes: FastifyPluginAsync = async (app) => {
  await app.register(fastifyStatic, { root: path.join(PACKAGE_ROOT, 'public'), wildcard: false })
}
