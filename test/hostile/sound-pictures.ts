import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { makeBmp } from '../image/bmp-files.js'

/** A picture that is in order, to be damaged. */
export interface SoundPicture {
  readonly kind: string
  readonly content: Buffer
  /** Whether it ends with the last pixel of its only frame: then whatever breaks off early is incomplete. */
  readonly oneFrame: boolean
}

/** The portrait in every format that is accepted, as several kinds of programs write it. */
export async function soundPictures(portrait: string): Promise<SoundPicture[]> {
  const photo = await readFile(portrait)
  const { data, info } = await sharp(photo).resize(120).raw().toBuffer({ resolveWithObject: true })
  const pixels = { width: info.width, height: info.height, data }
  const make = () => sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
  const withExif = { exif: { IFD0: { Make: 'Camera', Orientation: '6' } } }
  const made: Record<string, Buffer | Promise<Buffer>> = {
    'JPEG as it came': photo,
    'progressive JPEG': make().jpeg({ progressive: true }).toBuffer(),
    'JPEG with EXIF': make().withMetadata(withExif).jpeg().toBuffer(),
    'CMYK JPEG': make().toColourspace('cmyk').jpeg().toBuffer(),
    PNG: make().png().toBuffer(),
    'interlaced PNG': make().png({ progressive: true }).toBuffer(),
    'palette PNG': make().png({ palette: true }).toBuffer(),
    '16-bit PNG': make().toColourspace('rgb16').png().toBuffer(),
    GIF: make().gif().toBuffer(),
    'lossy WebP': make().webp().toBuffer(),
    'lossless WebP': make().webp({ lossless: true }).toBuffer(),
    AVIF: make().avif({ effort: 0 }).toBuffer(),
    'raw TIFF': make().tiff({ compression: 'none' }).toBuffer(),
    'tiled LZW TIFF': make().tiff({ compression: 'lzw', tile: true }).toBuffer(),
    'JPEG TIFF': make().tiff({ compression: 'jpeg' }).toBuffer(),
    'true-colour BMP': makeBmp(pixels, { bits: 24 }),
    'run-length BMP': makeBmp(pixels, { bits: 8, runLength: true }),
    '16-bit BMP': makeBmp(pixels, { bits: 16 }),
  }
  const moving = sharp([await make().png().toBuffer(), await make().negate().png().toBuffer()], {
    join: { animated: true },
  })
  const animated: Record<string, Promise<Buffer>> = {
    'animated GIF': moving.clone().gif().toBuffer(),
    'animated WebP': moving.clone().webp().toBuffer(),
  }
  const still = await Promise.all(entries(made, true))
  return [...still, ...(await Promise.all(entries(animated, false)))]
}

function entries(pictures: Record<string, Buffer | Promise<Buffer>>, oneFrame: boolean): Promise<SoundPicture>[] {
  return Object.entries(pictures).map(async ([kind, content]) => ({ kind, content: await content, oneFrame }))
}
