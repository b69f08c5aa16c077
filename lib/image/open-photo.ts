import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { BmpPhoto } from './bmp-photo.js'
import { checkDirectories } from './directory-guard.js'
import { checkExif } from './exif-guard.js'
import { detectFormat, formatOf, HEAD_BYTES } from './format.js'
import { DEFAULT_IMAGE_LIMITS, type ImageLimits } from './limits.js'
import type { ImageFormat, Photo } from './photo.js'
import { checkScans } from './scan-guard.js'
import { SharpPhoto } from './sharp-photo.js'

/** A file of at most so many bytes is read once and whole; a longer one is streamed, so that it is not in memory. */
const SMALL_BYTES = 2 ** 20

/**
 * Opens an image file: finds out by its bytes what it is, reads its header, and checks its size. No pixel is decoded yet.
 *
 * Throws a FaceError: `empty_file`, `unsupported_image_format`, `damaged_image` or `too_many_pixels`. The photo's
 * `preview` and `region` throw `damaged_image` if the data breaks off further on. A file that cannot be opened at all is
 * Node's own error.
 */
export async function openPhoto(path: string, limits: Partial<ImageLimits> = {}): Promise<Photo> {
  const content = readSmall(path)
  const format = await (content ? formatOf(content.subarray(0, HEAD_BYTES)) : detectFormat(path))
  const allLimits = { ...DEFAULT_IMAGE_LIMITS, ...limits }
  return format === 'bmp' ? BmpPhoto.open(path, allLimits) : openGuarded(content ?? path, format, allLimits)
}

/**
 * Opens what libvips decodes, after a look for what would keep it busy.
 * @param source the file's path or its content
 * @throws FaceError as `openPhoto`
 */
export async function openGuarded(
  source: string | Buffer,
  format: Exclude<ImageFormat, 'bmp'>,
  limits: ImageLimits = DEFAULT_IMAGE_LIMITS,
): Promise<Photo> {
  await checkExif(source, format)
  if (format === 'jpeg') await checkScans(source)
  if (format === 'tiff') await checkDirectories(source)
  return SharpPhoto.open(source, format, limits)
}

/** Without other threads, which would cost more than it takes to read what was written a moment ago. */
function readSmall(path: string): Buffer | undefined {
  const file = openSync(path, 'r')
  try {
    return fstatSync(file).size <= SMALL_BYTES ? readFileSync(file) : undefined
  } finally {
    closeSync(file)
  }
}
