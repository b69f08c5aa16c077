import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type FormOptions, formTooLarge, maxFormBytes, receiveForm } from '../lib/form/receive-form.js'

const MEDIA_TYPE = 'multipart/form-data'

export type MultipartOptions = Omit<FormOptions, 'folder'>

/**
 * Makes a multipart form the one kind of body that is accepted: `request.body` holds its text fields, and for each photo
 * the path of the file it was streamed to.
 */
export default fp<MultipartOptions>(
  async (app, options) => {
    const maxBytes = maxFormBytes(options)

    // A surrounding app may have parsers of its own, even one that reads whole forms into memory.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(MEDIA_TYPE, (request: FastifyRequest, payload: Readable) =>
      receiveForm(payload, request.headers['content-type'] ?? '', { ...options, folder: () => request.tempFolder() }),
    )
    app.addHook('onRequest', async ({ headers }) => {
      if (Number(headers['content-length']) > maxBytes) throw formTooLarge(maxBytes)
    })
  },
  { name: 'facemetric-multipart', fastify: '5.x', dependencies: ['facemetric-temp-folder'] },
)
