import { access } from 'node:fs/promises'
import type { Sharp, SharpOptions } from 'sharp'
import { shrinkToFit, startPipeline, toRgbImage } from './decoder.js'
import { damagedImage } from './image-errors.js'
import { plainJpegSize } from './jpeg-size.js'
import { checkLimits, type ImageLimits, limitsOf } from './limits.js'
import type { ImageFormat, Photo, PixelRect } from './photo.js'
import { checkInside, rectAsStored } from './pixel-rect.js'
import type { RgbImage } from './rgb-image.js'
import { decodeSmallJpeg } from './small-jpeg.js'

/** The formats that sharp decodes, and what libvips calls them. */
const LOADERS = { jpeg: 'jpeg', png: 'png', gif: 'gif', webp: 'webp', avif: 'heif', tiff: 'tiff' } as const

/** Path of a file, or its content. */
type Source = string | Buffer

export type SharpFormat = keyof typeof LOADERS

/**
 * Warnings that cameras cause with pictures that are sound, and every viewer shows: Samsung's selfie cameras write the
 * first, some webcams and phones a few stray bytes between two segments. Many stray bytes mean that data is missing.
 */
const HARMLESS_WARNING = /Invalid SOS parameters|: \d{1,2} extraneous bytes before marker/

/**
 * A photo that sharp decodes, straight from its file each time (or from a small file's content): no pixel of it is kept. For
 * the whole of an ordinary small JPEG our own decoder takes its place.
 */
export class SharpPhoto implements Photo {
  private constructor(
    private readonly source: Source,
    readonly format: ImageFormat,
    readonly width: number,
    readonly height: number,
    private readonly orientation: number,
  ) {}

  /** Reads the header only, itself where that is simple. Throws a FaceError `damaged_image` or `too_many_pixels`. */
  static async open(source: Source, format: SharpFormat, limits: ImageLimits): Promise<SharpPhoto> {
    const plain = format === 'jpeg' && typeof source !== 'string' ? plainJpegSize(source) : undefined
    if (plain) {
      checkLimits(plain.width, plain.height, limits)
      return new SharpPhoto(source, format, plain.width, plain.height, 1)
    }
    const header = await decode(source, format, (file) => file.metadata())
    // A file may begin like one format and be loaded as another; libheif's loader also takes what is not AVIF.
    if (header.format !== LOADERS[format] || (format === 'avif' && header.compression !== 'av1')) {
      throw damagedImage(format)
    }
    const { width, height } = header.autoOrient
    checkLimits(width, height, limitsOf(format, limits))
    return new SharpPhoto(source, format, width, height, header.orientation ?? 1)
  }

  async preview(maxSide: number): Promise<{ image: RgbImage; scale: number }> {
    const longer = Math.max(this.width, this.height)
    const isWhole = longer <= maxSide && this.format === 'jpeg' && typeof this.source !== 'string'
    const small = isWhole ? decodeSmallJpeg(this.source) : undefined
    if (small) return { image: small, scale: 1 }
    // The resize must come directly after the file: then JPEG and WebP are shrunk while they are decoded.
    const image = await this.decode((file) => {
      const upright = file.autoOrient()
      return longer > maxSide ? shrinkToFit(upright, maxSide) : upright
    })
    return { image, scale: Math.max(image.width, image.height) / longer }
  }

  async region(rect: PixelRect): Promise<RgbImage> {
    checkInside(rect, this.width, this.height)
    const [width, height] = this.orientation >= 5 ? [this.height, this.width] : [this.width, this.height]
    const stored = rectAsStored(rect, this.orientation, width, height)
    // Cropped first, turned after: so only the crop is held in memory while the file streams by.
    return this.decode((file) => file.extract(stored).autoOrient())
  }

  private decode(pipeline: (file: Sharp) => Sharp): Promise<RgbImage> {
    // No more pixels than the header told of, whoever read it.
    const limitInputPixels = this.width * this.height
    const opaque = this.format === 'jpeg'
    return decode(this.source, this.format, (file) => toRgbImage(pipeline(file), opaque), { limitInputPixels })
  }
}

/**
 * Runs `use` on the file; data that breaks off or contradicts itself is a FaceError `damaged_image`. What libvips says of
 * it is dropped: it names the path.
 */
async function decode<T>(
  source: Source,
  format: ImageFormat,
  use: (file: Sharp) => Promise<T>,
  options?: SharpOptions,
): Promise<T> {
  const attempt = (failOn: 'warning' | 'error') => use(startPipeline(source, { ...options, failOn }))
  try {
    return await attempt('warning').catch((error: Error) => {
      if (HARMLESS_WARNING.test(error.message)) return attempt('error')
      throw error
    })
  } catch {
    if (typeof source === 'string') await access(source) // A file that is gone is not the sender's fault: this throws Node's own error.
    throw damagedImage(format)
  }
}
