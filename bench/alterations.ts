import sharp, { type Sharp } from 'sharp'
import type { Point } from '../lib/face/geometry.js'
import { Random } from './random.js'

/** What is done to a photo in which the face fills the middle, as in LFW; lengths are in pixels. */
export type Alteration =
  | { readonly kind: 'turn'; readonly degrees: number }
  /** The photo made so large. */
  | { readonly kind: 'resize'; readonly side: number }
  /** A square of the photo around a point; where the photo ends, its border goes on. */
  | { readonly kind: 'crop'; readonly centre: Point; readonly side: number }
  /** The photo, made so large, somewhere in a larger picture, and somebody else beside it. */
  | {
      readonly kind: 'scene'
      readonly width: number
      readonly height: number
      readonly side: number
      readonly seed: number
      readonly beside?: { readonly path: string; readonly side: number }
    }
  | { readonly kind: 'jpeg'; readonly quality: number }
  | { readonly kind: 'blur'; readonly sigma: number }
  | { readonly kind: 'noise'; readonly deviation: number; readonly seed: number }
  /** All values times this, cut off at 255. */
  | { readonly kind: 'gain'; readonly red: number; readonly green: number; readonly blue: number }
  | { readonly kind: 'grey' }

export interface AlteredPhoto {
  /** A PNG or JPEG file. */
  readonly file: Buffer
  /** Where the middle of the photo has come to. */
  readonly middle: Point
}

/** Does it to the photo at `path`. PNG, so that nothing else is lost; JPEG where that is the point, or the picture is large. */
export async function alter(path: string, alteration: Alteration): Promise<AlteredPhoto> {
  const photo = sharp(path)
  const { width, height } = await photo.metadata()
  const middle = { x: width / 2, y: height / 2 }
  switch (alteration.kind) {
    case 'turn': {
      const turned = photo.rotate(alteration.degrees, { background: 'black' }).png()
      const { data, info } = await turned.toBuffer({ resolveWithObject: true })
      return { file: data, middle: { x: info.width / 2, y: info.height / 2 } }
    }
    case 'resize': {
      const { side } = alteration
      return { file: await png(photo.resize(side, side)), middle: { x: side / 2, y: side / 2 } }
    }
    case 'crop':
      return crop(photo, middle, alteration.centre, alteration.side)
    case 'scene':
      return scene(photo, alteration)
    case 'jpeg':
      return { file: await photo.jpeg({ quality: alteration.quality }).toBuffer(), middle }
    case 'blur':
      return { file: await png(photo.blur(alteration.sigma)), middle }
    case 'noise':
      return { file: await addNoise(photo, alteration.deviation, alteration.seed), middle }
    case 'gain': {
      const { red, green, blue } = alteration
      return { file: await png(photo.linear([red, green, blue], [0, 0, 0])), middle }
    }
    case 'grey':
      return { file: await png(photo.greyscale()), middle }
  }
}

function png(picture: Sharp): Promise<Buffer> {
  // Fast: the file is read once.
  return picture.png({ compressionLevel: 1 }).toBuffer()
}

async function crop(photo: Sharp, middle: Point, centre: Point, side: number): Promise<AlteredPhoto> {
  const margin = Math.ceil(side)
  // A buffer between, as sharp applies its steps in an order of its own.
  const wide = await photo
    .extend({ left: margin, right: margin, top: margin, bottom: margin, extendWith: 'copy' })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const [left, top] = [Math.round(centre.x - side / 2), Math.round(centre.y - side / 2)]
  const length = Math.round(side)
  const cut = sharp(wide).extract({ left: left + margin, top: top + margin, width: length, height: length })
  return { file: await png(cut), middle: { x: middle.x - left, y: middle.y - top } }
}

/** Colours of a blurred background: so many of them across and down. */
const BLOTCHES = { width: 12, height: 9, channels: 3 } as const

async function scene(photo: Sharp, place: Extract<Alteration, { kind: 'scene' }>): Promise<AlteredPhoto> {
  const { width, height, side, beside } = place
  const random = new Random(place.seed)
  const blotches = Buffer.alloc(BLOTCHES.width * BLOTCHES.height * 3).map(() => 60 + 140 * random.next())
  const background = await sharp(blotches, { raw: BLOTCHES })
    .resize(width, height, { kernel: 'cubic' })
    .png({ compressionLevel: 0 })
    .toBuffer()
  // With somebody beside it, the photo has the left half.
  const left = Math.round(random.next() * ((beside ? width / 2 : width) - side))
  const top = Math.round(random.next() * (height - side))
  const pasted = [{ input: await png(photo.resize(side, side)), left, top }]
  if (beside) {
    const other = await png(sharp(beside.path).resize(beside.side, beside.side))
    const otherLeft = Math.round(width / 2 + random.next() * (width / 2 - beside.side))
    pasted.push({ input: other, left: otherLeft, top: Math.round(random.next() * (height - beside.side)) })
  }
  const file = await sharp(background).composite(pasted).jpeg({ quality: 92 }).toBuffer()
  return { file, middle: { x: left + side / 2, y: top + side / 2 } }
}

async function addNoise(photo: Sharp, deviation: number, seed: number): Promise<Buffer> {
  const { data, info } = await photo.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const random = new Random(seed)
  const noisy = data.map((value) => Math.max(0, Math.min(255, Math.round(value + deviation * random.normal()))))
  return png(sharp(noisy, { raw: info }))
}
