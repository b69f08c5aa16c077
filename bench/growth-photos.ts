import path from 'node:path'
import sharp from 'sharp'

/** Width of the scene in which people stand side by side, and of one person in it, in pixels. */
const SCENE_SIDE = 2000
const PERSON_SIDE = 400
const COLUMNS = SCENE_SIDE / PERSON_SIDE

/** Most people that a scene holds. */
export const MOST_PEOPLE = COLUMNS * COLUMNS

export type LargeFormat = 'jpeg' | 'turned-jpeg' | 'png' | 'webp'

/** A portrait as a phone would have taken it: of so many megapixels, three to four; JPEG may lie on its side, and EXIF says so. */
export async function enlarge(
  portrait: string,
  megapixels: number,
  folder: string,
  format: LargeFormat = 'jpeg',
): Promise<string> {
  const file = path.join(folder, `${megapixels}-${path.basename(portrait, '.jpg')}.${format}`)
  const width = Math.floor(Math.sqrt((megapixels * 1e6 * 3) / 4))
  const height = Math.floor((width * 4) / 3)
  const upright = sharp(portrait).resize(width, height, { fit: 'cover' })
  const jpeg = { quality: 90 }
  const encoded = {
    jpeg: () => upright.jpeg(jpeg),
    'turned-jpeg': () => upright.rotate(270).withMetadata({ orientation: 6 }).jpeg(jpeg),
    png: () => upright.png(),
    webp: () => upright.webp(),
  }
  await encoded[format]().toFile(file)
  return file
}

/** A photo of several people in rows, 4 megapixels. */
export async function gather(portraits: readonly string[], people: number, folder: string): Promise<string> {
  const parts = Array.from({ length: people }, async (_, i) => ({
    input: await sharp(portraits[i % portraits.length])
      .resize(PERSON_SIDE, PERSON_SIDE)
      .toBuffer(),
    left: PERSON_SIDE * (i % COLUMNS),
    top: PERSON_SIDE * Math.floor(i / COLUMNS),
  }))
  const file = path.join(folder, `${people}-people.jpg`)
  const wall = sharp({ create: { width: SCENE_SIDE, height: SCENE_SIDE, channels: 3, background: '#8a8478' } })
  await wall
    .composite(await Promise.all(parts))
    .jpeg({ quality: 90 })
    .toFile(file)
  return file
}
