// Whether two photos show the same person. Exit code 0: yes, 1: no, 2: an error.
// usage: node compare.mjs REFERENCE LIVE, with FACEMETRIC_URL and, where the service needs one, FACEMETRIC_API_KEY
import { openAsBlob } from 'node:fs'

const { FACEMETRIC_URL = 'http://localhost:5000', FACEMETRIC_API_KEY } = process.env
const [reference, live, ...more] = process.argv.slice(2)

try {
  if (live === undefined || more.length > 0) throw new Error('usage: node compare.mjs REFERENCE LIVE')
  const form = new FormData()
  form.set('reference_image', await openAsBlob(reference), 'reference')
  form.set('live_image', await openAsBlob(live), 'live')
  const response = await fetch(`${FACEMETRIC_URL}/compare`, {
    method: 'POST',
    body: form,
    headers: FACEMETRIC_API_KEY ? { authorization: `Bearer ${FACEMETRIC_API_KEY}` } : {},
    signal: AbortSignal.timeout(60_000),
  }).catch((error) => {
    throw new Error(`${FACEMETRIC_URL} does not answer: ${error.cause?.code ?? error.cause?.message ?? error.message}`)
  })
  const reply = await response.json()
  if (!('identical' in reply)) throw new Error(`${reply.code} ${reply.field ?? ''}: ${reply.detail}`)
  console.log(reply.identical, reply.distance)
  process.exitCode = reply.identical ? 0 : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 2
}
