import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { openProcessFolder } from '../lib/temp/process-folder.js'
import { storageState } from '../lib/temp/storage-state.js'
import type { TempFiles } from '../lib/temp/temp-files.js'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Files of this request's own, in a folder with a random name that only the service's user may enter. They are gone before
     * the reply is sent, or when the client has left.
     */
    tempFiles: TempFiles
  }
}

export interface TempFilesOptions {
  /** Folder below which all temporary files lie. */
  tempDir: string
  /** What the photos of one request may take. */
  maxRequestBytes: number
}

/** Decorates `request.tempFiles`. */
export default fp<TempFilesOptions>(
  async (app, { tempDir, maxRequestBytes }) => {
    const folder = await openProcessFolder(tempDir)
    if (folder.swept > 0) app.log.info({ swept: folder.swept }, 'removed what killed processes left')
    app.addHook('onClose', () => folder.close())
    // Another app may have no need to know.
    if (app.hasDecorator('parts')) app.parts.set('storage', () => storageState(folder.path, maxRequestBytes))

    app.decorateRequest('tempFiles')
    // The event comes however the request ends; the hook makes sure that nothing is left when the reply arrives.
    app.addHook('onRequest', async (request, reply) => {
      request.tempFiles = folder.newFiles()
      reply.raw.once('close', () => remove(request))
    })
    app.addHook('onSend', (request) => remove(request))
  },
  { name: 'facemetric-temp-files', fastify: '5.x' },
)

/** A request that was refused before the hook, as without a key, has no files. */
async function remove({ tempFiles, log }: Pick<FastifyRequest, 'log'> & { tempFiles?: TempFiles }): Promise<void> {
  try {
    await tempFiles?.remove()
  } catch (error) {
    log.error(error, 'temporary files remain')
  }
}
