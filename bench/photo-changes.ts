import sharp from 'sharp'
import { Random } from './random.js'

/** Something done to a photo, as its sender, camera or messenger might; shares are of the photo's width and height. */
export type PhotoChange =
  | { readonly kind: 'jpeg'; readonly quality: number }
  | { readonly kind: 'resize'; readonly scale: number }
  | { readonly kind: 'blur'; readonly sigma: number }
  | { readonly kind: 'noise'; readonly deviation: number; readonly seed: number }
  /** All values times `gain` plus `offset`, cut off at 0 and 255. */
  | { readonly kind: 'light'; readonly gain: number; readonly offset: number }
  | {
      readonly kind: 'crop'
      readonly left: number
      readonly top: number
      readonly width: number
      readonly height: number
    }
  | { readonly kind: 'mirror' }
  | { readonly kind: 'turn'; readonly degrees: number }

/** Does one thing after another to the photo at `path`, and saves it as JPEG, of quality 90 unless the last change says otherwise. */
export async function changePhoto(path: string, changes: readonly PhotoChange[]): Promise<Buffer> {
  let picture: string | Buffer = path
  let quality = 90
  for (const change of changes) {
    if (change.kind === 'jpeg') quality = change.quality
    else picture = await applyChange(picture, change)
  }
  return sharp(picture).jpeg({ quality }).toBuffer()
}

/** As PNG, so that nothing is lost between changes, and as sharp applies its steps in an order of its own. */
async function applyChange(picture: string | Buffer, change: Exclude<PhotoChange, { kind: 'jpeg' }>): Promise<Buffer> {
  const photo = sharp(picture)
  const { width, height } = await photo.metadata()
  switch (change.kind) {
    case 'resize':
      return photo
        .resize(Math.max(8, Math.round(width * change.scale)))
        .png()
        .toBuffer()
    case 'blur':
      return photo.blur(change.sigma).png().toBuffer()
    case 'noise': {
      const { data, info } = await photo.removeAlpha().raw().toBuffer({ resolveWithObject: true })
      const random = new Random(change.seed)
      const noisy = data.map((value) =>
        Math.max(0, Math.min(255, Math.round(value + change.deviation * random.normal()))),
      )
      return sharp(noisy, { raw: info }).png().toBuffer()
    }
    case 'light':
      return photo.linear(change.gain, change.offset).png().toBuffer()
    case 'crop': {
      const [left, top] = [Math.round(change.left * width), Math.round(change.top * height)]
      const [right, bottom] = [
        Math.round((change.left + change.width) * width),
        Math.round((change.top + change.height) * height),
      ]
      return photo
        .extract({ left, top, width: right - left, height: bottom - top })
        .png()
        .toBuffer()
    }
    case 'mirror':
      return photo.flop().png().toBuffer()
    case 'turn':
      return photo.rotate(change.degrees, { background: 'grey' }).png().toBuffer()
  }
}
