import type { RgbImage } from '../image/rgb-image.js'
import { bytesAt, kernels, LUMA_PLACE, PICTURE_BYTES, PICTURE_PLACES } from './pixel-kernels.js'

/** Room for a picture, and the one that lies there. */
interface Room {
  readonly place: number
  picture?: RgbImage
}

/**
 * The pictures of a pair stay in the kernels' memory, as several kernels after each other work on each: the one asked for least
 * lately comes first. They stay when the pair has its answer, until others take their places.
 */
const rooms: Room[] = PICTURE_PLACES.map((place) => ({ place }))

/**
 * A picture that was made in the kernels' memory: its pixels are copied only where somebody asks for them, or another picture
 * takes their place.
 */
class PictureInPlace implements RgbImage {
  #place?: number
  #data?: Uint8Array

  constructor(
    readonly width: number,
    readonly height: number,
    place: number,
  ) {
    this.#place = place
  }

  get data(): Uint8Array {
    this.copy()
    if (this.#data === undefined) throw new Error('the pixels of this picture were given up')
    return this.#data
  }

  copy(): void {
    if (this.#place === undefined) return
    this.#data = bytesAt(this.#place, 3 * this.width * this.height).slice()
    this.#place = undefined
  }

  giveUp(): void {
    this.#place = undefined
  }
}

/**
 * Where all pixels of a picture lie, until other pictures are asked for.
 * @param picture is never written to again: it is known by itself, not by what it holds
 * @returns undefined where it is too large to be kept
 */
export function keptAt(picture: RgbImage): number | undefined {
  const known = rooms.findIndex((room) => room.picture === picture)
  if (known >= 0) {
    rooms.push(...rooms.splice(known, 1))
    return rooms[rooms.length - 1].place
  }
  const length = 3 * picture.width * picture.height
  const place = roomFor(length)
  if (place === undefined) return undefined
  bytesAt(place, length).set(picture.data)
  rooms[rooms.length - 1].picture = picture
  return place
}

/** Room for a picture that is about to be made, and then to be kept. */
export function roomFor(bytes: number): number | undefined {
  if (bytes > PICTURE_BYTES) return undefined
  const [room] = rooms.splice(0, 1)
  if (room.picture instanceof PictureInPlace) room.picture.copy()
  room.picture = undefined
  rooms.push(room)
  return room.place
}

/** The picture that was made in the room that was asked for last. */
export function keep(width: number, height: number): RgbImage {
  const room = rooms[rooms.length - 1]
  const picture = new PictureInPlace(width, height, room.place)
  room.picture = picture
  return picture
}

/** Says that nobody asks for a picture any more: so its pixels need not be copied when others take their place. */
export function giveUp(picture: RgbImage): void {
  if (picture instanceof PictureInPlace) picture.giveUp()
}

/** Whose luma lies in the place for it. */
let shaded: RgbImage | undefined

/**
 * Where the luma of a picture lies, in floats, until that of another is asked for.
 * @param picture as of `keptAt`
 * @returns undefined where it is too large to be kept
 */
export function keptLumaAt(picture: RgbImage): number | undefined {
  if (shaded === picture) return LUMA_PLACE
  const place = keptAt(picture)
  if (place === undefined) return undefined
  kernels.lumaOfBytes(place, picture.width * picture.height, LUMA_PLACE)
  shaded = picture
  return LUMA_PLACE
}

/** The place for luma, to be used for something else; what was kept there is lost. */
export function lumaPlace(): number {
  shaded = undefined
  return LUMA_PLACE
}
