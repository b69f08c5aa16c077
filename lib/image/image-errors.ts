import { FaceError } from '../errors.js'
import type { ImageFormat } from './photo.js'

/** How each accepted format is called in a message. */
const FORMAT_NAMES: Record<ImageFormat, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  bmp: 'BMP',
  gif: 'GIF',
  webp: 'WebP',
  avif: 'AVIF',
  tiff: 'TIFF',
}

const ACCEPTED = new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(Object.values(FORMAT_NAMES))

export function emptyFile(): FaceError {
  return new FaceError('empty_file', 'The file is empty (0 bytes).')
}

/** `appearance` completes "It appears to be ...". */
export function unsupportedFormat(appearance: string): FaceError {
  const message = `The file is not an image that is accepted: it appears to be ${appearance}. Accepted are ${ACCEPTED}.`
  return new FaceError('unsupported_image_format', message)
}

export function damagedImage(format: ImageFormat): FaceError {
  const message = `The file looks like ${FORMAT_NAMES[format]} but cannot be read as such: it is incomplete, damaged or of a rare kind. Send it again, or save it anew as an ordinary JPEG or PNG.`
  return new FaceError('damaged_image', message)
}

export function tooManyPixels(message: string): FaceError {
  return new FaceError('too_many_pixels', message)
}
