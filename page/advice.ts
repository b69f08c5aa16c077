import type { ProblemCode } from '../schemas/problem.js'

const ANOTHER_FORMAT = 'Send a JPEG, PNG, BMP, GIF, WebP, AVIF or TIFF. A screenshot of the photo will do.'
const TRY_AGAIN = 'Try again in a moment.'
const OPERATOR = 'If it stays so, whoever runs the service finds the reason in its log.'
const OWN_MISTAKE = 'This should not happen on this page. Load the page anew.'

/** What the person can do about each problem. */
const ADVICE: Readonly<Record<ProblemCode, string>> = {
  bad_request: OWN_MISTAKE,
  malformed_form: OWN_MISTAKE,
  malformed_json: OWN_MISTAKE,
  missing_field: 'Choose both photos.',
  duplicate_field: OWN_MISTAKE,
  too_many_live_images: OWN_MISTAKE,
  file_expected: 'Choose a photo from a file or take one.',
  invalid_threshold: 'Give a number above 0 and below 2, or leave the threshold empty.',
  invalid_faces: OWN_MISTAKE,
  invalid_base64: OWN_MISTAKE,
  empty_file: 'The file holds nothing: it may not have been copied whole. Choose another one.',
  unauthorized: 'Type the API key that whoever runs the service gave you, then compare again.',
  not_found: 'The service is not where this page expects it. Check the address.',
  method_not_allowed: OWN_MISTAKE,
  request_timeout: 'The line is slow. Let the page shrink large photos (under Options) and try again.',
  form_too_large: 'Let the page shrink large photos (under Options) and try again.',
  file_too_large: 'Let the page shrink large photos (under Options) and try again.',
  too_many_parts: OWN_MISTAKE,
  too_many_pixels: 'Let the page shrink large photos (under Options) and try again.',
  unsupported_media_type: OWN_MISTAKE,
  unsupported_image_format: ANOTHER_FORMAT,
  damaged_image: 'Copy the file again, or send another photo.',
  no_face:
    'Come closer, so that the face fills a good part of the photo. Face the camera, with light from the front and nothing over the face. Is the photo the right way up?',
  several_faces: 'Crop the photo to one face, or let one of the faces count (under Options).',
  low_quality: 'Take the photo again as described.',
  rate_limited: 'Wait a moment, then try again.',
  header_too_large: OWN_MISTAKE,
  client_closed_request: TRY_AGAIN,
  internal_error: `${TRY_AGAIN} ${OPERATOR}`,
  busy: 'Many people are asking just now. Try again in a moment.',
  not_ready: 'The service is starting. Try again in a moment.',
  timeout: `${TRY_AGAIN} Smaller photos are quicker: the page can shrink them (under Options).`,
  process_died: `${TRY_AGAIN} If it happens again with the same photo, send another one.`,
  shutting_down: 'The service is being restarted. Try again in a moment.',
  storage_full: `${TRY_AGAIN} ${OPERATOR}`,
}

/** What to do about a problem; a service newer than this page may know problems that the page does not. */
export function adviceFor(code: ProblemCode): string {
  return ADVICE[code] ?? TRY_AGAIN
}
