import { type Static, Type } from 'typebox'
import { type Faces, PhotoSchema } from '../schemas/compare.js'
import { FACE_ERROR_CODES, FaceError, type PhotoField } from './errors.js'
import type { Readiness } from './face-engine.js'
import { DESCRIPTOR_CHARACTERS } from './packed-descriptor.js'
import { RUNTIME_NAMES, type RuntimeName } from './runtime/face-networks.js'
import type { FailedRuntime } from './runtime/load-networks.js'
import { TimingsSchema } from './timings.js'

/** A photo that lies on disk. */
export interface PhotoFile {
  readonly path: string
  /** What an error about this photo names. */
  readonly field?: PhotoField
}

const CandidateSchema = Type.Object({
  report: PhotoSchema,
  descriptor: Type.String({
    minLength: DESCRIPTOR_CHARACTERS,
    maxLength: DESCRIPTOR_CHARACTERS,
    description: 'Of the face that counts in the report, length 1; as packDescriptor writes it',
  }),
  print: Type.String({
    description: 'The photo around this face, as shades of grey (lib/face/photo-print), in base64',
  }),
})

const RefusalSchema = Type.Object({
  code: Type.Enum([...FACE_ERROR_CODES]),
  message: Type.String({ description: 'Of the FaceError that says why the photo cannot be used' }),
})

const PhotoDescriptionSchema = Type.Union([
  Type.Array(CandidateSchema, {
    minItems: 1,
    description: 'What is to be said of the photo if this face counts: one face, or with `any` a few',
  }),
  RefusalSchema,
])

export const DescriptionSchema = Type.Object({
  engine: Type.Enum([...RUNTIME_NAMES], { description: 'The runtime that ran the networks' }),
  photos: Type.Array(PhotoDescriptionSchema),
  timings: TimingsSchema,
})

export type Candidate = Static<typeof CandidateSchema>
/** What was seen in one photo, or why it cannot be used. */
export type PhotoDescription = Static<typeof PhotoDescriptionSchema>

/** What was seen in some photos, in their order. It crosses process borders, and never leaves the service. */
export type Description = Static<typeof DescriptionSchema>

export interface DescribeOptions {
  /** What to do with more than one face in a photo. */
  readonly faces: Faces
  /**
   * Whether each photo is looked at by itself, so that one that cannot be used does not keep the others from being
   * described: its refusal stands in its place, and no FaceError is thrown. Default: false.
   */
  readonly apart?: boolean
  /**
   * Milliseconds after which no more is looked for than what photos show at once, so that whoever waits is told in time that
   * there is no face. Default: no limit.
   */
  readonly searchFor?: number
  /** Gives up when aborted: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Finds and describes the main face of photos that lie on disk: what a face engine compares with. */
export interface FaceDescriber {
  /** Undefined while none has loaded: only where inference runs in other processes. */
  readonly runtime: RuntimeName | undefined
  /** The backend in words: library and version. */
  readonly description: string
  /** Runtimes that were tried before this one, and why they do not load. */
  readonly failed: readonly FailedRuntime[]
  /**
   * @param photos each is described by itself, so that several may be shared among processes
   * @throws FaceError when a photo cannot be used; of several such photos, about the first
   * @throws UnavailableError when it cannot be done now, through no fault of the photos
   */
  describe(photos: readonly PhotoFile[], options: DescribeOptions): Promise<Description>
  readiness(): Readiness
  /** As `FaceEngine.reserve`. */
  reserve(): () => void
  close(): Promise<void>
}

/** The faces of a photo that may count. @throws FaceError where it cannot be used */
export function candidatesOf(photo: PhotoDescription, field?: PhotoField): readonly Candidate[] {
  if ('code' in photo) throw new FaceError(photo.code, photo.message, field)
  return photo
}
