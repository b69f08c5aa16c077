import { finished, type Readable, type Writable } from 'node:stream'
import { Problem } from '../problem.js'
import { formTooLarge } from './form-options.js'

/**
 * Pours the body of a request into what reads it. As soon as `abandon` is aborted, by anybody, the rest is left unread: the
 * body itself is not destroyed, as a reply is to follow.
 * @throws whatever `abandon` was aborted with: also that the body is too large, or that the client left
 */
export async function pour(body: Readable, sink: Writable, maxBytes: number, abandon: AbortController): Promise<void> {
  let bytes = 0
  await new Promise<void>((resolve, reject) => {
    abandon.signal.addEventListener('abort', () => {
      body.unpipe(sink)
      reject(abandon.signal.reason)
    })
    sink.on('finish', resolve)
    sink.on('error', (error) => abandon.abort(error))
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) abandon.abort(formTooLarge(maxBytes))
    })
    finished(body, { writable: false }, (error) => {
      if (error) abandon.abort(new Problem('client_closed_request', undefined, { cause: error }))
    })
    body.pipe(sink)
  })
}
