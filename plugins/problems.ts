import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { FaceError, PHOTO_FIELDS, UnavailableError } from '../lib/errors.js'
import { Problem } from '../lib/problem.js'
import { PROBLEM_CODES, PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode } from '../schemas/problem.js'

declare module 'fastify' {
  interface FastifyReply {
    /** The error this request is answered with; the first, where several come. */
    problem?: Problem
  }
}

/** The codes for what Fastify and its plugins refuse themselves, by status. */
const CODE_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'form_too_large',
  415: 'unsupported_media_type',
  431: 'header_too_large',
}

/** Node's codes for a disk that is full or a quota that is used up. */
const STORAGE_FULL = ['ENOSPC', 'EDQUOT']

/** Answers every error as RFC 9457 problem details. What happened inside is logged and never sent. */
export default fp(
  async (app) => {
    app.setErrorHandler(sendProblem)
  },
  { name: 'facemetric-problems', fastify: '5.x' },
)

/** The error handler itself, also for errors that come before any route is found. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = asProblem(error, reply)
  reply.problem ??= problem
  // In another app nobody else tells what happened.
  if (!request.server.hasPlugin('facemetric-request-log')) log(problem, request)
  // As text, so that no serializer of a route or of a surrounding app changes it.
  reply.code(problem.status).headers(problem.headers).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem))
}

function log({ code, field, status, cause }: Problem, { log }: FastifyRequest): void {
  if (status >= 500 && cause !== undefined) log.error(cause, code)
  else log[status >= 500 ? 'warn' : 'info']({ code, field }, 'refused')
}

function asProblem(error: unknown, reply: FastifyReply): Problem {
  if (error instanceof Problem) return error
  if (error instanceof FaceError) return new Problem(error.code, error.message, { field: error.field })
  if (error instanceof UnavailableError) {
    return new Problem(error.code, error.message, { headers: { 'retry-after': String(error.retryAfter) } })
  }
  if (!(error instanceof Error)) return new Problem('internal_error', undefined, { cause: error })
  const { code, statusCode = 500, validation }: Partial<FastifyError> = error
  if (validation) return invalid(validation[0])
  if (code !== undefined && STORAGE_FULL.includes(code)) return new Problem('storage_full', undefined, { cause: error })
  // Its photos are gone, so whatever was done with them could not but fail.
  if (reply.raw.destroyed) return new Problem('client_closed_request')
  if (statusCode >= 400 && statusCode < 500) return refused(statusCode, error)
  return new Problem('internal_error', undefined, { cause: error })
}

function invalid({ keyword, instancePath, params, message }: NonNullable<FastifyError['validation']>[number]): Problem {
  if (keyword === 'required') {
    const [field] = [params.requiredProperties].flat().map(String)
    return new Problem(
      'missing_field',
      `${field} is missing: the photos are the fields ${PHOTO_FIELDS.join(' and ')}.`,
      { field },
    )
  }
  const field = instancePath.slice(1)
  const code = PROBLEM_CODES.find((known) => known === `invalid_${field}`)
  return code ? new Problem(code, undefined, { field }) : new Problem('bad_request', `${field} ${message}`.trim())
}

function refused(statusCode: number, error: Error): Problem {
  const code = CODE_BY_STATUS[statusCode]
  return code
    ? new Problem(code)
    : new Problem('bad_request', `${PROBLEMS.bad_request.title}: ${error.message.replace(/\.$/, '')}.`)
}
