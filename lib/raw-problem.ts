import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { PROBLEM_MEDIA_TYPE, type ProblemCode } from '../schemas/problem.js'
import { Problem } from './problem.js'

/** Node's codes for requests that are refused before there is a request object. */
const CODE_BY_ERROR: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'header_too_large',
  // The client has closed its side in the middle of a request.
  HPE_INVALID_EOF_STATE: 'client_closed_request',
}

/**
 * Answers a connection that did not bring a whole request: malformed, too slow, or with a header that is too large.
 * @returns what it was answered; undefined where there was nobody to answer any more
 */
export function sendRawProblem(error: NodeJS.ErrnoException, socket: Socket): Problem | undefined {
  const problem = answerable(error, socket)
  if (problem !== undefined) {
    const body = JSON.stringify(problem)
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `content-type: ${PROBLEM_MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
  socket.destroySoon()
  return problem
}

function answerable({ code = '' }: NodeJS.ErrnoException, socket: Socket): Problem | undefined {
  if (!socket.writable || code === 'ECONNRESET') return undefined
  return new Problem(CODE_BY_ERROR[code] ?? 'bad_request')
}
