import type { FastifyPluginAsync } from 'fastify'
import { SAMPLE_NAMES, type SampleName, samplePhoto } from '../lib/sample-photos.js'
import { inArea } from '../plugins/areas.js'

/** `GET /samples/NAME.jpg`: photos for the page to try the service with. Each is made once, when it is first asked for. */
export const sampleRoutes: FastifyPluginAsync = async (app) => {
  app.addHook('onRoute', inArea('page'))
  const made = new Map<SampleName, Promise<Buffer>>()
  for (const name of SAMPLE_NAMES) {
    app.get(`/samples/${name}.jpg`, { schema: { hide: true } }, async (_request, reply) => {
      const photo = made.get(name) ?? samplePhoto(name)
      made.set(name, photo)
      return reply
        .header('cache-control', 'public, max-age=86400')
        .type('image/jpeg')
        .send(await photo)
    })
  }
}
