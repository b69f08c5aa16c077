import type { Test } from 'tap'
import { Value } from 'typebox/value'
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode, ProblemSchema } from '../schemas/problem.js'

/** What an error reply is looked at for, from `inject` or from `fetch`. */
interface ErrorReply {
  readonly status: number
  readonly contentType: unknown
  readonly body: string
}

/** Checks that a reply is a problem document of this code, about this field, and gives its text. */
export function isProblem(t: Test, reply: ErrorReply, code: ProblemCode, field?: string): string {
  const problem: unknown = JSON.parse(reply.body)
  if (!Value.Check(ProblemSchema, problem)) throw new Error(`not a problem document: ${reply.body}`)
  const { status, title } = PROBLEMS[code]
  t.match(String(reply.contentType), PROBLEM_MEDIA_TYPE)
  t.equal(reply.status, status, problem.detail)
  t.match(problem, { code, status, title, type: `urn:problem-type:facemetric:${code}` })
  t.equal(problem.field, field)
  t.equal(problem.error, problem.detail)
  return problem.detail
}

export async function isProblemResponse(t: Test, response: Response, code: ProblemCode, field?: string) {
  const contentType = response.headers.get('content-type')
  return isProblem(t, { status: response.status, contentType, body: await response.text() }, code, field)
}

interface Injected {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export function isInjectedProblem(t: Test, { statusCode, headers, body }: Injected, code: ProblemCode, field?: string) {
  return isProblem(t, { status: statusCode, contentType: headers['content-type'], body }, code, field)
}
