import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { RgbImage } from './rgb-image.js'

// As many processes run as there are cores, so each decodes on one thread.
sharp.concurrency(1)

// libvips brings loaders for many more formats than are accepted. With these blocked, even a file that is two things at
// once reaches no other. This holds for the whole process.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif', 'Tiff'].map((loader) => `VipsForeignLoad${loader}`),
})

/** A sharp pipeline that begins with an untrusted file, or raw pixels: start none another way. */
export function startPipeline(input: string | Uint8Array, options: SharpOptions): Sharp {
  // libvips remembers what it decoded by path, and would answer with the former photo if the file was replaced. Each time,
  // not once above: where an app also loads sharp by `require`, that turns the memory on again for the whole process.
  sharp.cache(false)
  // The size was checked with the header's numbers, to name them; sharp's own limit would only say "too large".
  return sharp(input, { limitInputPixels: false, ...options })
}

/** What shows through a transparent photo: portraits are cut out to be put on white paper or a white page. */
const BACKGROUND = { r: 255, g: 255, b: 255 }

/**
 * Runs the pipeline and returns its picture in 8-bit sRGB, whatever the colours were before.
 * @param opaque whether nothing of it can be transparent: to tell sharp of a background takes a while
 */
export async function toRgbImage(picture: Sharp, opaque = false): Promise<RgbImage> {
  const { data, info } = await (opaque ? picture : picture.flatten({ background: BACKGROUND }))
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 || data.length !== info.width * info.height * 3) {
    throw new Error(`the decoder gave ${info.channels} channels and ${data.length} bytes`)
  }
  return { width: info.width, height: info.height, data }
}

/** Adds to the pipeline: fit into a square of `maxSide` pixels, never enlarge. */
export function shrinkToFit(picture: Sharp, maxSide: number): Sharp {
  return picture.resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
}
