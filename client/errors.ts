import type { ProblemCode, ProblemDetails } from '../schemas/problem.js'

/** The service refuses; the message is its `detail`, for people. */
export class FacemetricError extends Error {
  override readonly name = 'FacemetricError'

  constructor(
    readonly problem: ProblemDetails,
    /** After how many seconds another try makes sense; only where it does. */
    readonly retryAfter?: number,
  ) {
    super(problem.detail)
  }

  /** What is wrong, for programs. */
  get code(): ProblemCode {
    return this.problem.code
  }
}

/** There was no reply of the service: it cannot be reached, or something else answered. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError'
}
