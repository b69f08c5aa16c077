import { type Static, Type } from 'typebox'
import { type Faces, PhotoSchema } from '../schemas/compare.js'
import { PHOTO_FIELDS, type PhotoField } from './errors.js'
import type { Readiness } from './face-engine.js'
import { DESCRIPTOR_LENGTH } from './networks/descriptor.js'
import { RUNTIME_NAMES, type RuntimeName } from './runtime/face-networks.js'
import type { FailedRuntime } from './runtime/load-networks.js'
import { TimingsSchema } from './timings.js'

export const PhotoFileSchema = Type.Object({
  path: Type.String(),
  field: Type.Optional(Type.Enum([...PHOTO_FIELDS], { description: 'What an error about this photo names' })),
})

/** A photo that lies on disk. */
export interface PhotoFile {
  readonly path: string
  /** What an error about this photo names. */
  readonly field?: PhotoField
}

const CandidateSchema = Type.Object({
  report: PhotoSchema,
  descriptor: Type.Array(Type.Number(), {
    minItems: DESCRIPTOR_LENGTH,
    maxItems: DESCRIPTOR_LENGTH,
    description: 'Of the face that counts in the report, length 1',
  }),
  print: Type.String({
    description: 'The photo around this face, as shades of grey (lib/face/photo-print), in base64',
  }),
})

export const DescriptionSchema = Type.Object({
  engine: Type.Enum([...RUNTIME_NAMES], { description: 'The runtime that ran the networks' }),
  photos: Type.Array(
    Type.Array(CandidateSchema, {
      minItems: 1,
      description: 'What is to be said of the photo if this face counts: one face, or with `any` a few',
    }),
  ),
  timings: TimingsSchema,
})

/** What was seen in some photos, in their order. It crosses process borders, and never leaves the service. */
export type Description = Static<typeof DescriptionSchema>

export interface DescribeOptions {
  /** What to do with more than one face in a photo. */
  readonly faces: Faces
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
