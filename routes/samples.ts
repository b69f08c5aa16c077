import type { FastifyPluginAsync } from 'fastify'
import { SAMPLE_NAMES, type SampleName } from '../lib/sample-names.js'
import { inArea } from '../plugins/areas.js'

/** `GET /samples/NAME.jpg`: photos for the page to try the service with. Each is made once, when it is first asked for. */
export const sampleRoutes: FastifyPluginAsync = async (app) => {
  app.addHook('onRoute', inArea('page'))
  const made = new Map<SampleName, Promise<Buffer>>()
  for (const name of SAMPLE_NAMES) {
    app.get(`/samples/${name}.jpg`, { schema: { hide: true } }, async (_request, reply) => {
      const making = made.get(name) ?? make(name)
      made.set(name, making)
      making.catch(() => made.delete(name)) // What failed once is tried again.
      const photo = await making
      return reply.header('cache-control', 'public, max-age=86400').type('image/jpeg').send(photo)
    })
  }
}

/** What decodes photos is loaded only for this: the service leaves those of strangers to other processes. */
async function make(name: SampleName): Promise<Buffer> {
  const { samplePhoto } = await import('../lib/sample-photos.js')
  return samplePhoto(name)
}
