import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Form, type FormOptions, formTooLarge } from '../lib/form/form-options.js'
import { maxFormBytes, receiveForm } from '../lib/form/receive-form.js'
import { maxJsonBytes, receiveJson } from '../lib/form/receive-json.js'
import { Problem } from '../lib/problem.js'
import { FORM_TYPE, JSON_TYPE } from '../schemas/compare.js'

export type FormsOptions = Omit<FormOptions, 'files'>

interface FormKind {
  maxBytes: number
  receive(body: Readable, contentType: string, options: FormOptions): Promise<Form>
}

/**
 * Makes forms, multipart or in JSON, the one kind of body that is accepted: `request.body` holds the fields, and for each
 * photo the path of the file it was streamed to.
 */
export default fp<FormsOptions>(
  async (app, options) => {
    const kinds = new Map<string, FormKind>([
      [FORM_TYPE, { maxBytes: maxFormBytes(options), receive: receiveForm }],
      [JSON_TYPE, { maxBytes: maxJsonBytes(options), receive: (body, _type, form) => receiveJson(body, form) }],
    ])
    const accept = [...kinds.keys()].join(', ')
    const notAForm = () => new Problem('unsupported_media_type', undefined, { headers: { accept } })

    // A surrounding app may have parsers of its own, even one that reads whole forms into memory.
    app.removeAllContentTypeParsers()
    for (const [type, { receive }] of kinds) {
      app.addContentTypeParser(type, (request: FastifyRequest, body: Readable) =>
        receive(body, request.headers['content-type'] ?? '', { ...options, files: request.tempFiles }),
      )
    }
    app.addContentTypeParser('*', async () => {
      throw notAForm()
    })
    app.addHook('preValidation', async ({ body }) => {
      if (body === undefined || body === null) throw notAForm()
    })
    app.addHook('onRequest', async ({ headers, mediaType = '' }) => {
      const { 'content-encoding': encoding = 'identity' } = headers
      if (encoding.toLowerCase() !== 'identity') throw encoded()
      const maxBytes = kinds.get(mediaType)?.maxBytes ?? 0
      if (maxBytes > 0 && Number(headers['content-length']) > maxBytes) throw formTooLarge(maxBytes)
    })
  },
  { name: 'facemetric-forms', fastify: '5.x', dependencies: ['facemetric-temp-files'] },
)

/** A photo is compressed already; what unfolds to more than it seems to be would have to be bounded once more. */
function encoded(): Problem {
  const detail = 'The body is compressed: send it without Content-Encoding.'
  return new Problem('unsupported_media_type', detail, { headers: { 'accept-encoding': 'identity' } })
}
