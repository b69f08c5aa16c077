import type { Comparison } from '../schemas/compare.js'
import type { ProblemDetails } from '../schemas/problem.js'
import { parseServerTiming, type Timing } from './timings.js'

/** What came of a request. */
export type Outcome =
  | { kind: 'answer'; comparison: Comparison; timings: Timing[] }
  | { kind: 'problem'; problem: ProblemDetails; retryAfter?: number }
  /** No reply of the service itself. */
  | { kind: 'silence'; reason: string }

/** Sends the form. What goes wrong is an outcome too, never thrown. */
export async function compare(url: string, form: FormData, key: string): Promise<Outcome> {
  const start = performance.now()
  let response: Response
  let text: string
  try {
    const headers: HeadersInit = key === '' ? {} : { authorization: `Bearer ${key}` }
    response = await fetch(url, { method: 'POST', body: form, headers })
    text = await response.text()
  } catch (error) {
    return { kind: 'silence', reason: error instanceof Error ? error.message : String(error) }
  }
  const whole = { name: 'All of it, as seen from here', milliseconds: performance.now() - start }
  const reply = parseReply(text)
  if (response.ok && isComparison(reply)) {
    return {
      kind: 'answer',
      comparison: reply,
      timings: [...parseServerTiming(response.headers.get('server-timing')), whole],
    }
  }
  if (isProblem(reply)) {
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
    return { kind: 'problem', problem: reply, retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined }
  }
  return { kind: 'silence', reason: `status ${response.status}, and a text that is no reply of this service` }
}

function parseReply(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isComparison(reply: unknown): reply is Comparison {
  return typeof reply === 'object' && reply !== null && 'identical' in reply && 'distance' in reply
}

function isProblem(reply: unknown): reply is ProblemDetails {
  return typeof reply === 'object' && reply !== null && 'code' in reply && 'detail' in reply
}
