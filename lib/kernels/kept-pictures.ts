import { bytesAt, kernels, LUMA_PLACE, PICTURE_BYTES, PICTURE_PLACES } from './pixel-kernels.js'

/** Room for a picture, and whose pixels lie there. */
interface Room {
  readonly place: number
  data?: Uint8Array
}

/**
 * The pictures of a pair stay in the kernels' memory, as several kernels after each other work on each: the one asked for least
 * lately comes first. They stay when the pair has its answer, until others take their places.
 */
const rooms: Room[] = PICTURE_PLACES.map((place) => ({ place }))

/**
 * Where all pixels of a picture lie, until other pictures are asked for.
 * @param data is never written to again: it is known by itself, not by what it holds
 * @returns undefined where the picture is too large to be kept
 */
export function keptAt(data: Uint8Array): number | undefined {
  const known = rooms.findIndex((room) => room.data === data)
  if (known >= 0) {
    rooms.push(...rooms.splice(known, 1))
    return rooms[rooms.length - 1].place
  }
  const place = roomFor(data.length)
  if (place === undefined) return undefined
  bytesAt(place, data.length).set(data)
  keep(data)
  return place
}

/** Room for a picture that is about to be made, and then to be kept; what was kept there is lost. */
export function roomFor(bytes: number): number | undefined {
  if (bytes > PICTURE_BYTES) return undefined
  rooms[0].data = undefined
  rooms.push(...rooms.splice(0, 1))
  return rooms[rooms.length - 1].place
}

/** Says whose pixels were put into the room that was asked for last. */
export function keep(data: Uint8Array): void {
  rooms[rooms.length - 1].data = data
}

/** Whose luma lies in the place for it. */
let shaded: Uint8Array | undefined

/**
 * Where the luma of a picture lies, in floats, until that of another is asked for.
 * @param data as of `keptAt`
 * @returns undefined where the picture is too large to be kept
 */
export function keptLumaAt(data: Uint8Array): number | undefined {
  if (shaded === data) return LUMA_PLACE
  const place = keptAt(data)
  if (place === undefined) return undefined
  kernels.lumaOfBytes(place, data.length / 3, LUMA_PLACE)
  shaded = data
  return LUMA_PLACE
}

/** The place for luma, to be used for something else; what was kept there is lost. */
export function lumaPlace(): number {
  shaded = undefined
  return LUMA_PLACE
}
