import type { RgbImage } from './rgb-image.js'

/** The image formats that are accepted, by the names the reply and the error messages use. */
export type ImageFormat = 'jpeg' | 'png' | 'bmp' | 'gif' | 'webp' | 'avif' | 'tiff'

/** A rectangle of whole pixels. */
export interface PixelRect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A photo that was found to be one: its size is known, its pixels are read when they are asked for. */
export interface Photo {
  readonly format: ImageFormat
  /** Width in pixels of the whole photo, after its EXIF orientation was applied. */
  readonly width: number
  readonly height: number
  /** The whole photo, upright, with a longer side of at most `maxSide` pixels; never enlarged. `scale` = preview pixels per photo pixel. */
  preview(maxSide: number): Promise<{ image: RgbImage; scale: number }>
  /** Part of the photo at its full resolution; `rect` is in pixels of the upright photo and must lie inside it. */
  region(rect: PixelRect): Promise<RgbImage>
}
