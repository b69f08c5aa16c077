import { ExpectedError } from './expected-error.js'

/** Every `code` an error of the face engine can carry; each is stable and documented in docs/API.md. */
export const FACE_ERROR_CODES = [
  'empty_file',
  'unsupported_image_format',
  'damaged_image',
  'too_many_pixels',
  'no_face',
  'several_faces',
  'low_quality',
  'too_many_live_images',
] as const
/**
 * What is wrong with a photo.
 * @useDeclaredType
 */
export type FaceErrorCode = (typeof FACE_ERROR_CODES)[number]

/** Which of the two photos something is about, by the name of its form field. */
export const PHOTO_FIELDS = ['reference_image', 'live_image'] as const
/**
 * One of the two photos, by the name of its form field.
 * @useDeclaredType
 */
export type PhotoField = (typeof PHOTO_FIELDS)[number]

/** A photo that cannot be used. The message is meant for the person who sent it and names nothing of the inside. */
export class FaceError extends Error {
  override readonly name = 'FaceError'

  constructor(
    readonly code: FaceErrorCode,
    message: string,
    /** The photo it is about, once that is known. */
    readonly field?: PhotoField,
  ) {
    super(message)
  }
}

/** The result of `work`, which is about one of the photos: a FaceError that does not say which is made to. */
export async function aboutPhoto<T>(field: PhotoField | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof FaceError && !error.field ? new FaceError(error.code, error.message, field) : error
  }
}

/** Why an engine that is in order could not answer this time. */
export type UnavailableCode = 'busy' | 'not_ready' | 'timeout' | 'process_died' | 'shutting_down'

/** The comparison was not made, through no fault of the photos: the same request may well succeed a little later. */
export class UnavailableError extends ExpectedError {
  override readonly name = 'UnavailableError'
  /** What happened inside; never sent. */
  declare readonly cause?: string

  constructor(
    readonly code: UnavailableCode,
    /** Names nothing of the inside. */
    message: string,
    /** After how many seconds another try makes sense. */
    readonly retryAfter: number,
    cause?: string,
  ) {
    super(message, { cause })
  }
}
