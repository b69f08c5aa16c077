import type { FastifyInstance } from 'fastify'
import { FORM_TYPE } from '../../schemas/compare.js'
import { comparingEngine, readStandard } from '../comparing-engine.js'
import { PHOTO_FIELDS } from '../errors.js'
import type { FaceEngine } from '../face-engine.js'
import { pretendingPool } from './pretending-pool.js'

/** From the second on each takes 3 to 10 ms, of copies and others in turns: docs/PERFORMANCE.md, Start. */
const REQUESTS = 6
/** A start does not wait longer than this for it, as with a slow disk. */
const LONGEST_MS = 1000
/** Of each made-up photo, in bytes: more than is read of a connection, or written to a file, at once. */
const PHOTO_BYTES = 100_000
/** How a JPEG begins; of what follows only an inference process would see that it is none. */
const JPEG_BEGINNING = Buffer.from('ffd8ffe000104a464946000101', 'hex')
const BOUNDARY = 'rehearsal'

/**
 * Has an app answer made-up comparisons, and closes it. What runs for the first time takes several times as long as later,
 * as V8 has not compiled it: after this the first request of a client takes no longer than the next, also with another
 * app in this process.
 * @param build makes the app, with an engine that compares as always what it makes up instead of looking at photos
 * @throws Error when an answer is not a comparison
 */
export async function rehearseRequests(build: (faceEngine: FaceEngine) => FastifyInstance): Promise<void> {
  const standard = await readStandard({})
  const pool = await pretendingPool()
  try {
    await askApp(build(comparingEngine(pool, standard)))
  } finally {
    await pool.close()
  }
}

async function askApp(app: FastifyInstance): Promise<void> {
  const headers = { 'content-type': `${FORM_TYPE}; boundary=${BOUNDARY}` }
  const payload = madeUpForm()
  const until = performance.now() + LONGEST_MS
  try {
    for (let i = 0; i < REQUESTS && performance.now() < until; i++) {
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/compare', headers, payload })
      if (statusCode !== 200) throw new Error(`a made-up comparison was answered with ${statusCode}: ${body}`)
    }
  } finally {
    await app.close()
  }
}

/** A form with both photos, of bytes that change all the time. */
function madeUpForm(): Buffer {
  const rest = Uint8Array.from({ length: PHOTO_BYTES - JPEG_BEGINNING.length }, (_, i) => (i * i) >> 3)
  const parts = PHOTO_FIELDS.flatMap((field) => [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${field}"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`,
    JPEG_BEGINNING,
    rest,
    '\r\n',
  ])
  return Buffer.concat(
    [...parts, `--${BOUNDARY}--\r\n`].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)),
  )
}
