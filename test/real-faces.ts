import { createRequire } from 'node:module'
import sharp, { type Sharp } from 'sharp'

const require = createRequire(import.meta.url)

/** A face in one of face-api's demo photos, by the square around it, in pixels. */
interface RealFace {
  readonly photo: number
  readonly x: number
  readonly y: number
  readonly side: number
}

/** Six people, one from each of the photos, seen from the front and from the side. */
export const REAL_FACES: readonly RealFace[] = [
  { photo: 1, x: 501, y: 473, side: 238 },
  { photo: 2, x: 1543, y: 275, side: 243 },
  { photo: 3, x: 684, y: 464, side: 271 },
  { photo: 4, x: 336, y: 307, side: 250 },
  { photo: 5, x: 1191, y: 316, side: 237 },
  { photo: 6, x: 759, y: 473, side: 306 },
]

/** The path of a demo photo, 1 to 6. */
export function demoPhotoPath(photo: number): string {
  return require.resolve(`@vladmandic/face-api/demo/sample${photo}.jpg`)
}

/**
 * The face as pixels for a network: `size` x `size` x 3, red, green, blue, 0 to 255.
 * @param zoom side of the square that is cut out, in sides of the face
 */
export async function facePixels({ photo, x, y, side }: RealFace, zoom: number, size: number): Promise<Float32Array> {
  const cut = Math.round(side * zoom)
  const region = { left: Math.round(x - cut / 2), top: Math.round(y - cut / 2), width: cut, height: cut }
  const picture = sharp(demoPhotoPath(photo)).extract(region).resize(size, size, { fit: 'fill' })
  return Float32Array.from(await picture.raw().toBuffer())
}

/** A whole demo photo as the detector takes it: fitted into `size` x `size`, with black at the right or bottom. */
export async function photoPixels(photo: number, size: number): Promise<Float32Array> {
  const fitted = sharp(demoPhotoPath(photo)).resize(size, size, {
    fit: 'contain',
    position: 'left top',
    background: 'black',
  })
  return Float32Array.from(await fitted.removeAlpha().raw().toBuffer())
}

/** Several images as one batch. */
export function batchOf(images: readonly Float32Array[]): Float32Array {
  return Float32Array.from(images.flatMap((image) => [...image]))
}

/** The largest difference between two arrays of the same length; NaN where the lengths or a value are wrong. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length || expected.length === 0) return Number.NaN
  return actual.reduce((largest, value, i) => {
    const difference = Math.abs(value - expected[i])
    return difference > largest || Number.isNaN(difference) ? difference : largest
  }, 0)
}

/**
 * The face with its surroundings, as a picture to which more can be done.
 * @param zoom side of the square that is cut out, in sides of the face; grey is added where the photo ends
 */
export async function facePhoto({ photo, x, y, side }: RealFace, zoom: number): Promise<Sharp> {
  const cut = Math.round(side * zoom)
  const [left, top] = [Math.round(x - cut / 2), Math.round(y - cut / 2)]
  const { width, height } = await sharp(demoPhotoPath(photo)).metadata()
  const [right, bottom] = [Math.min(width, left + cut), Math.min(height, top + cut)]
  const seen = { left: Math.max(0, left), top: Math.max(0, top) }
  const missing = {
    left: seen.left - left,
    top: seen.top - top,
    right: left + cut - right,
    bottom: top + cut - bottom,
    background: '#808080',
  }
  const part = sharp(demoPhotoPath(photo)).extract({ ...seen, width: right - seen.left, height: bottom - seen.top })
  // A buffer between, as sharp applies its steps in an order of its own.
  return sharp(await part.extend(missing).png().toBuffer())
}
