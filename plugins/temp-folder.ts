import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'
import { openProcessFolder } from '../lib/temp/process-folder.js'
import { storageState } from '../lib/temp/storage-state.js'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * An empty folder of this request's own with a random name, which only the service's user may enter; the same one
     * each time. It is gone, with all that is in it, before the reply is sent, or when the client left.
     * @throws Problem when the client has left already
     */
    tempFolder(): Promise<string>
  }
}

export interface TempFolderOptions {
  /** Folder below which all temporary folders are made. */
  tempDir: string
  /** What the photos of one request may take. */
  maxRequestBytes: number
}

/** Decorates `request.tempFolder()`. */
export default fp<TempFolderOptions>(
  async (app, { tempDir, maxRequestBytes }) => {
    const processFolder = await openProcessFolder(tempDir)
    if (processFolder.swept > 0) app.log.info({ swept: processFolder.swept }, 'removed what killed processes left')
    app.addHook('onClose', () => processFolder.close())
    // Another app may have no need to know.
    if (app.hasDecorator('parts')) app.parts.set('storage', () => storageState(processFolder.path, maxRequestBytes))

    const folders = new WeakMap<FastifyRequest, Promise<string>>()
    const gone = new WeakSet<FastifyRequest>()

    async function remove(request: FastifyRequest): Promise<void> {
      gone.add(request)
      const folder = await folders.get(request)?.catch(() => undefined)
      if (folder === undefined) return
      try {
        await processFolder.removeFolder(folder)
        folders.delete(request)
      } catch (error) {
        request.log.error(error, 'temporary files remain')
      }
    }

    app.decorateRequest('tempFolder', async function tempFolder(): Promise<string> {
      if (gone.has(this)) throw new Problem('client_closed_request')
      const folder = folders.get(this) ?? processFolder.makeFolder()
      folders.set(this, folder)
      return folder
    })

    // The event comes however the request ends; the hook makes sure that nothing is left when the reply arrives.
    app.addHook('onRequest', async (request, reply) => {
      reply.raw.once('close', () => remove(request))
    })
    app.addHook('onSend', async (request) => remove(request))
  },
  { name: 'facemetric-temp-folder', fastify: '5.x' },
)
