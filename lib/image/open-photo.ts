import { BmpPhoto } from './bmp-photo.js'
import { checkExif } from './exif-guard.js'
import { detectFormat } from './format.js'
import { DEFAULT_IMAGE_LIMITS, type ImageLimits } from './limits.js'
import type { Photo } from './photo.js'
import { SharpPhoto } from './sharp-photo.js'

/**
 * Opens an image file: finds out by its bytes what it is, reads its header, and checks its size. No pixel is decoded yet.
 *
 * Throws a FaceError: `empty_file`, `unsupported_image_format`, `damaged_image` or `too_many_pixels`. The photo's
 * `preview` and `region` throw `damaged_image` if the data breaks off further on. A file that cannot be opened at all is
 * Node's own error.
 */
export async function openPhoto(path: string, limits: Partial<ImageLimits> = {}): Promise<Photo> {
  const format = await detectFormat(path)
  await checkExif(path, format)
  const allLimits = { ...DEFAULT_IMAGE_LIMITS, ...limits }
  return format === 'bmp' ? BmpPhoto.open(path, allLimits) : SharpPhoto.open(path, format, allLimits)
}
