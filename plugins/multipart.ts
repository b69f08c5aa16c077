import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type FormOptions, formTooLarge, maxFormBytes, receiveForm } from '../lib/form/receive-form.js'
import { Problem } from '../lib/problem.js'

const MEDIA_TYPE = 'multipart/form-data'

export type MultipartOptions = Omit<FormOptions, 'folder'>

/**
 * Makes a multipart form the one kind of body that is accepted: `request.body` holds its text fields, and for each photo
 * the path of the file it was streamed to.
 */
export default fp<MultipartOptions>(
  async (app, options) => {
    const maxBytes = maxFormBytes(options)

    const notAForm = () => new Problem('unsupported_media_type', undefined, { headers: { accept: MEDIA_TYPE } })
    // A surrounding app may have parsers of its own, even one that reads whole forms into memory.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(MEDIA_TYPE, (request: FastifyRequest, payload: Readable) =>
      receiveForm(payload, request.headers['content-type'] ?? '', { ...options, folder: () => request.tempFolder() }),
    )
    app.addContentTypeParser('*', async () => {
      throw notAForm()
    })
    app.addHook('preValidation', async ({ body }) => {
      if (body === undefined || body === null) throw notAForm()
    })
    app.addHook('onRequest', async ({ headers }) => {
      if (Number(headers['content-length']) > maxBytes) throw formTooLarge(maxBytes)
    })
  },
  { name: 'facemetric-multipart', fastify: '5.x', dependencies: ['facemetric-temp-folder'] },
)
