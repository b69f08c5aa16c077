import sharp, { type Sharp } from 'sharp'
import type { Point } from '../lib/face/geometry.js'
import { Random } from './random.js'

/** Something done to a photo, as its sender, camera or messenger might. */
export type PhotoChange =
  | { readonly kind: 'jpeg'; readonly quality: number }
  /** So many times as large. */
  | { readonly kind: 'resize'; readonly scale: number }
  /** Sigma in pixels. */
  | { readonly kind: 'blur'; readonly sigma: number }
  | { readonly kind: 'noise'; readonly deviation: number; readonly seed: number }
  /** All values times `gain`, of all colours or of red, green and blue, plus `offset`; cut off at 0 and 255. */
  | { readonly kind: 'light'; readonly gain: number | readonly [number, number, number]; readonly offset: number }
  | { readonly kind: 'grey' }
  /** In shares of the width and height; where it reaches out of the photo, its border goes on. */
  | {
      readonly kind: 'crop'
      readonly left: number
      readonly top: number
      readonly width: number
      readonly height: number
    }
  | { readonly kind: 'mirror' }
  | { readonly kind: 'turn'; readonly degrees: number; readonly background: 'black' | 'grey' }
  /** The photo, made so many pixels wide, somewhere in a larger picture, and perhaps somebody else beside it. */
  | {
      readonly kind: 'scene'
      readonly width: number
      readonly height: number
      readonly side: number
      readonly seed: number
      readonly beside?: { readonly path: string; readonly side: number }
    }

export interface ChangedPhoto {
  /** A PNG file, so that nothing is lost; JPEG where that is the last change, or the picture is large. */
  readonly file: Buffer
  /** Where the middle of the photo has come to, in pixels. */
  readonly middle: Point
}

/** The changes, and saved as a phone would where they do not end so. */
export function savedAsJpeg(changes: readonly PhotoChange[]): readonly PhotoChange[] {
  return changes.at(-1)?.kind === 'jpeg' ? changes : [...changes, { kind: 'jpeg', quality: 90 }]
}

/** Does one thing after another to the photo at `path`. */
export async function changePhoto(path: string, changes: readonly PhotoChange[]): Promise<ChangedPhoto> {
  const { width, height } = await sharp(path).metadata()
  let changed: { file: Buffer | string; middle: Point } = { file: path, middle: { x: width / 2, y: height / 2 } }
  for (const change of changes) changed = await applyChange(changed, change)
  const { file, middle } = changed
  return { file: typeof file === 'string' ? await png(sharp(file)) : file, middle }
}

/** Each makes a file of its own, as sharp applies its steps in an order of its own. */
async function applyChange(
  { file, middle }: { readonly file: Buffer | string; readonly middle: Point },
  change: PhotoChange,
): Promise<ChangedPhoto> {
  const photo = sharp(file)
  const { width, height } = await photo.metadata()
  switch (change.kind) {
    case 'jpeg':
      return { file: await photo.jpeg({ quality: change.quality }).toBuffer(), middle }
    case 'resize': {
      const wide = Math.max(8, Math.round(width * change.scale))
      const factor = wide / width
      return { file: await png(photo.resize(wide)), middle: { x: factor * middle.x, y: factor * middle.y } }
    }
    case 'blur':
      return { file: await png(photo.blur(change.sigma)), middle }
    case 'noise':
      return { file: await addNoise(photo, change.deviation, change.seed), middle }
    case 'light': {
      const { gain, offset } = change
      const gains = typeof gain === 'number' ? [gain, gain, gain] : [...gain]
      return { file: await png(photo.linear(gains, [offset, offset, offset])), middle }
    }
    case 'grey':
      return { file: await png(photo.greyscale()), middle }
    case 'crop':
      return crop(photo, { width, height }, change, middle)
    case 'mirror':
      return { file: await png(photo.flop()), middle: { x: width - middle.x, y: middle.y } }
    case 'turn': {
      const turned = photo.rotate(change.degrees, { background: change.background })
      const { data, info } = await turned.png({ compressionLevel: 1 }).toBuffer({ resolveWithObject: true })
      const angle = (change.degrees * Math.PI) / 180
      const [dx, dy] = [middle.x - width / 2, middle.y - height / 2]
      const x = info.width / 2 + Math.cos(angle) * dx - Math.sin(angle) * dy
      return { file: data, middle: { x, y: info.height / 2 + Math.sin(angle) * dx + Math.cos(angle) * dy } }
    }
    case 'scene':
      return scene(photo, change)
  }
}

function png(picture: Sharp): Promise<Buffer> {
  // Fast: the file is read once.
  return picture.png({ compressionLevel: 1 }).toBuffer()
}

async function crop(
  photo: Sharp,
  { width, height }: { readonly width: number; readonly height: number },
  part: Extract<PhotoChange, { kind: 'crop' }>,
  middle: Point,
): Promise<ChangedPhoto> {
  const [left, top] = [Math.round(part.left * width), Math.round(part.top * height)]
  const right = Math.round((part.left + part.width) * width)
  const bottom = Math.round((part.top + part.height) * height)
  const margin = Math.max(0, -left, -top, right - width, bottom - height)
  const edges = { left: margin, right: margin, top: margin, bottom: margin }
  const wide = margin > 0 ? await png(photo.extend({ ...edges, extendWith: 'copy' })) : undefined
  const cut = (wide ? sharp(wide) : photo).extract({
    left: left + margin,
    top: top + margin,
    width: right - left,
    height: bottom - top,
  })
  return { file: await png(cut), middle: { x: middle.x - left, y: middle.y - top } }
}

/** Colours of a blurred background: so many of them across and down. */
const BLOTCHES = { width: 12, height: 9, channels: 3 } as const

async function scene(photo: Sharp, place: Extract<PhotoChange, { kind: 'scene' }>): Promise<ChangedPhoto> {
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
