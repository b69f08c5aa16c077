import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import type { PresetName } from '../lib/face/presets.js'
import { PACKAGE_ROOT } from '../lib/package-root.js'
import { readCalibration } from '../lib/verdict.js'
import { inArea } from '../plugins/areas.js'

/** `GET /`: what the service is and how to call it, and the few files that page needs. */
export const homeRoutes: FastifyPluginAsync<{ preset: PresetName }> = async (app, { preset }) => {
  app.addHook('onRoute', inArea('page'))
  await app.register(fastifyStatic, { root: path.join(PACKAGE_ROOT, 'public'), wildcard: false })
  await app.register(fastifyStatic, {
    root: path.join(PACKAGE_ROOT, 'dist', 'page'),
    prefix: '/page/',
    wildcard: false,
    // What else the compiler writes: build information, and declarations for the tests.
    globIgnore: ['**/*.d.ts', '**/.*'],
    decorateReply: false,
  })
  // What the page explains distances with.
  const calibration = await readCalibration(preset)
  app.get('/calibration.json', { schema: { hide: true } }, async () => calibration)
}
