import { type Static, Type } from 'typebox'
import type { FaceErrorCode, UnavailableCode } from '../lib/errors.js'
import { LARGEST_DISTANCE } from '../lib/face/largest-distance.js'

interface ProblemKind {
  status: number
  /** What is wrong, in short; the `detail` of a reply says more. */
  title: string
  /** After how many seconds another try makes sense. */
  retryAfter?: number
}

/** Every error the service answers with: its stable `code`, its HTTP status and its title. */
export const PROBLEMS = {
  bad_request: { status: 400, title: 'The request is malformed' },
  malformed_form: { status: 400, title: 'The form is malformed' },
  malformed_json: { status: 400, title: 'The JSON is malformed' },
  missing_field: { status: 400, title: 'A field is missing' },
  duplicate_field: { status: 400, title: 'A field was sent more than once' },
  too_many_live_images: { status: 400, title: 'Too many live images were sent' },
  file_expected: { status: 400, title: 'A file is expected' },
  invalid_threshold: { status: 400, title: `threshold must be a number above 0 and below ${LARGEST_DISTANCE}` },
  invalid_faces: { status: 400, title: 'faces must be largest, single or any' },
  invalid_base64: { status: 400, title: 'The photo is not base64' },
  empty_file: { status: 400, title: 'The file is empty' },
  unauthorized: { status: 401, title: 'An API key is needed' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  form_too_large: { status: 413, title: 'The form is too large' },
  file_too_large: { status: 413, title: 'The file is too large' },
  too_many_parts: { status: 413, title: 'The form has too many parts' },
  too_many_pixels: { status: 413, title: 'The image has too many pixels' },
  unsupported_media_type: { status: 415, title: 'A multipart form or JSON is expected' },
  unsupported_image_format: { status: 415, title: 'The file is not an image that is accepted' },
  damaged_image: { status: 422, title: 'The image is damaged' },
  no_face: { status: 422, title: 'No face was found' },
  several_faces: { status: 422, title: 'More than one face was found' },
  low_quality: { status: 422, title: 'The face cannot be relied on' },
  rate_limited: { status: 429, title: 'Too many requests' },
  header_too_large: { status: 431, title: 'The header is too large' },
  /** Nobody reads this reply any more; the status, nginx's own, is for the log. */
  client_closed_request: { status: 499, title: 'The client closed the connection' },
  internal_error: { status: 500, title: 'Something went wrong in the service' },
  busy: { status: 503, title: 'The service has too much to do' },
  not_ready: { status: 503, title: 'The service is not ready', retryAfter: 5 },
  timeout: { status: 503, title: 'The comparison took too long', retryAfter: 5 },
  process_died: { status: 503, title: 'The comparison was interrupted' },
  shutting_down: { status: 503, title: 'The service is shutting down', retryAfter: 5 },
  storage_full: { status: 507, title: 'The service has no room for the photos', retryAfter: 30 },
} as const satisfies Record<FaceErrorCode | UnavailableCode, ProblemKind> & Record<string, ProblemKind>

/**
 * What is wrong, for programs; stable.
 * @useDeclaredType
 */
export type ProblemCode = keyof typeof PROBLEMS

export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[]

export function problemKind(code: ProblemCode): ProblemKind {
  return PROBLEMS[code]
}

function problemSchema(codes: readonly ProblemCode[]) {
  return Type.Object({
    type: Type.String({ description: 'A URI that stands for the code' }),
    title: Type.String({ description: 'What is wrong, the same for every problem of this code' }),
    status: Type.Integer({ description: 'The HTTP status of this reply' }),
    detail: Type.String({ description: 'What is wrong this time, for the person who sent the request' }),
    code: Type.Enum([...codes], { description: 'What is wrong, for programs; stable' }),
    field: Type.Optional(Type.String({ description: 'The form field it is about' })),
    error: Type.String({ description: 'The same as detail' }),
  })
}

/** The body of every error reply: RFC 9457 problem details with `code`, `field` and `error` as extensions. */
export const ProblemSchema = problemSchema(PROBLEM_CODES)
/**
 * The body of an error reply.
 * @useDeclaredType
 */
export type ProblemDetails = Static<typeof ProblemSchema>

/** The media type of ProblemSchema (RFC 9457, section 3). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** The body of an error reply. */
export function problemDocument(
  code: ProblemCode,
  detail = `${PROBLEMS[code].title}.`,
  field?: string,
): ProblemDetails {
  const { title, status } = PROBLEMS[code]
  const about = field === undefined ? {} : { field }
  return { type: `urn:problem-type:facemetric:${code}`, title, status, detail, code, ...about, error: detail }
}

/** What any request can be answered with, whatever it asks for. */
const EVERYWHERE = ['bad_request', 'request_timeout', 'header_too_large', 'internal_error', 'shutting_down'] as const

/** One reply with any of these problems, which have one status: what it says in words, its schema, an example of each. */
export function problemResponse(codes: readonly ProblemCode[]) {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
    schema: problemSchema(codes),
    examples: Object.fromEntries(codes.map((code) => [code, { value: problemDocument(code) }])),
  }
}

/** The `response` part of a route's schema for the problems it can answer with beside those of any route, by status. */
export function problemResponses(...own: ProblemCode[]) {
  const codes = PROBLEM_CODES.filter((code) => [...EVERYWHERE, ...own].includes(code))
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))]
  return Object.fromEntries(
    statuses.map((status) => {
      const { description, ...body } = problemResponse(codes.filter((code) => PROBLEMS[code].status === status))
      return [status, { description, content: { [PROBLEM_MEDIA_TYPE]: body } }]
    }),
  )
}
