import { tooManyPixels } from './image-errors.js'
import type { ImageFormat } from './photo.js'

/** What an image may be at most; checked with what its header says, before any pixel is decoded. */
export interface ImageLimits {
  /** Width times height. */
  readonly maxPixels: number
  /** Width or height, whichever is longer. No camera and no panorama of 50 megapixels is longer than the default. */
  readonly maxSide: number
}

export const DEFAULT_IMAGE_LIMITS: ImageLimits = { maxPixels: 50_000_000, maxSide: 30_000 }

/** To decode AVIF takes some 25 bytes a pixel, all at a time: two photos of this size are what a process has room for. */
const MOST_PIXELS_OF_AVIF = 20_000_000

/** The limits of photos of a format. */
export function limitsOf(format: ImageFormat, limits: ImageLimits): ImageLimits {
  return format === 'avif' ? { ...limits, maxPixels: Math.min(limits.maxPixels, MOST_PIXELS_OF_AVIF) } : limits
}

function megapixels(pixels: number): string {
  return `${Number((pixels / 1e6).toPrecision(3))} megapixels`
}

/** Throws a FaceError `too_many_pixels` for an image of `width` x `height` pixels that exceeds `limits`. */
export function checkLimits(width: number, height: number, limits: ImageLimits): void {
  if (width * height > limits.maxPixels) {
    throw tooManyPixels(
      `The image is ${width} x ${height} pixels (${megapixels(width * height)}); at most ${megapixels(limits.maxPixels)} are accepted.`,
    )
  }
  if (Math.max(width, height) > limits.maxSide) {
    throw tooManyPixels(
      `The image is ${width} x ${height} pixels; at most ${limits.maxSide} pixels a side are accepted.`,
    )
  }
}
