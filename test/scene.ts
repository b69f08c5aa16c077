import sharp, { type Sharp } from 'sharp'
import { facePhoto, type REAL_FACES } from './real-faces.js'

/** Side of the picture around a face in sides of the face. */
const ZOOM = 1.5

/** A person before a wall, or on a poster. */
export interface Pasted {
  readonly who: (typeof REAL_FACES)[number]
  /** Centre of the face, in pixels of the scene. */
  readonly x: number
  readonly y: number
  /** Width of the face in pixels. */
  readonly side: number
  /** Radius of the blur, in pixels. */
  readonly blur?: number
}

/** A photo of a wall, in front of which are people and on which posters hang. */
export async function pasteScene(width: number, height: number, people: readonly Pasted[]): Promise<Sharp> {
  const parts = people.map(async ({ who, x, y, side, blur }) => {
    const cut = Math.round(ZOOM * side)
    const picture = sharp(await (await facePhoto(who, ZOOM)).resize(cut, cut).png().toBuffer())
    const input = await (blur ? picture.blur(blur) : picture).png().toBuffer()
    return { input, left: Math.round(x - cut / 2), top: Math.round(y - cut / 2) }
  })
  const wall = sharp({ create: { width, height, channels: 3, background: '#8a8478' } })
  return wall.composite(await Promise.all(parts))
}
