/**
 * An error that is an answer to whoever asked, not a fault to be looked for: it is made without a stack, which would cost as much
 * as the rest of a refusal's way through the service.
 */
export class ExpectedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message, options)
    Error.stackTraceLimit = stackTraceLimit
  }
}
