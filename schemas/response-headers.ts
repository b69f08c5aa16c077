interface Header {
  description: string
  schema: { type: 'string' | 'integer'; minimum?: number }
  example: string | number
}

const count = (description: string, example: number): Header => ({
  description,
  schema: { type: 'integer', minimum: 0 },
  example,
})
const text = (description: string, example: string): Header => ({ description, schema: { type: 'string' }, example })

const REQUEST_ID = {
  'X-Request-Id': text(
    'Names this request; every line of the log about it holds the same',
    '9f0c2c1e-3a41-4f0e-8f0b-6d1c3c1b7a55',
  ),
}
const RATE_LIMIT = {
  'RateLimit-Limit': count('Requests that may be sent in a window, where there is a limit', 100),
  'RateLimit-Remaining': count('How many of them are left', 99),
  'RateLimit-Reset': count('Seconds until the count begins anew', 42),
}
const SERVER_TIMING = {
  'Server-Timing': text('Milliseconds that each phase took', 'upload;dur=4.1, queue;dur=0.1, decode;dur=21.9'),
}
const RETRY_AFTER = { 'Retry-After': count('Seconds after which another try makes sense', 5) }

/** What replies of a status bring, whatever was asked. */
const BY_STATUS: Readonly<Record<string, Record<string, Header>>> = {
  401: { 'WWW-Authenticate': text('How to prove who asks', 'Bearer realm="facemetric"') },
  415: { Accept: text('Which media types are taken', 'multipart/form-data, application/json') },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
  507: RETRY_AFTER,
}

/**
 * The headers that a reply may bring.
 * @param compares whether it is to a request that compares photos
 */
export function responseHeaders(status: string, compares: boolean): Record<string, Header> {
  return {
    ...REQUEST_ID,
    ...(compares ? RATE_LIMIT : {}),
    ...(compares && status === '200' ? SERVER_TIMING : {}),
    ...BY_STATUS[status],
  }
}
