import { PROBLEMS, type ProblemCode, type ProblemDetails, problemDocument, problemKind } from '../schemas/problem.js'
import { ExpectedError } from './expected-error.js'

export interface ProblemOptions {
  /** The form field it is about. */
  field?: string
  /** Headers the reply needs, such as `allow`. */
  headers?: Record<string, string>
  /** Members of the reply's body beside those of every problem (RFC 9457, section 3.2). */
  more?: Readonly<Record<string, unknown>>
  /** What happened inside; logged, never sent. */
  cause?: unknown
}

/** An error that is answered as it is: its message is meant for the person who sent the request. */
export class Problem extends ExpectedError {
  override readonly name = 'Problem'
  readonly status: number
  readonly field?: string
  readonly headers: Readonly<Record<string, string>>
  readonly #more: Readonly<Record<string, unknown>>

  constructor(
    readonly code: ProblemCode,
    detail = `${PROBLEMS[code].title}.`,
    { field, headers, more = {}, cause }: ProblemOptions = {},
  ) {
    super(detail, { cause })
    const { status, retryAfter } = problemKind(code)
    this.status = status
    this.field = field
    this.#more = more
    this.headers = retryAfter === undefined ? { ...headers } : { 'retry-after': String(retryAfter), ...headers }
  }

  /** The body of the reply: RFC 9457 problem details. */
  toJSON(): ProblemDetails {
    return { ...problemDocument(this.code, this.message, this.field), ...this.#more }
  }
}
