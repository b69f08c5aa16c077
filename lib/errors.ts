/** Every `code` an error of the face engine can carry; each is stable and documented in docs/API.md. */
export type FaceErrorCode =
  | 'empty_file'
  | 'unsupported_image_format'
  | 'damaged_image'
  | 'too_many_pixels'
  | 'no_face'
  | 'several_faces'

/** Which of the two photos something is about, by the name of its form field. */
export type PhotoField = 'reference_image' | 'live_image'

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
