import { readFileSync } from 'node:fs'
import { CHIP_SIZE } from '../networks/descriptor.js'

/** What lib/kernels/assembly exports; places are bytes of the memory. */
interface PixelKernels {
  readonly memory: WebAssembly.Memory
  sampleSquare(
    image: number,
    isLuma: boolean,
    stride: number,
    width: number,
    height: number,
    a: number,
    b: number,
    tx: number,
    ty: number,
    size: number,
    from: number,
    to: number,
    out: number,
    mirrored: number,
  ): void
  fitIntoSquare(
    image: number,
    stride: number,
    rowStart: number,
    rowIndex: number,
    rowWeight: number,
    columnStart: number,
    columnIndex: number,
    columnWeight: number,
    line: number,
    width: number,
    size: number,
    from: number,
    to: number,
    out: number,
  ): void
  lumaOf(rgb: number, count: number, out: number): void
  lumaOfBytes(rgb: number, count: number, out: number): void
  countFrom(least: number, floats: number, count: number): number
  sharpness(luma: number, width: number, height: number): number
  printOf(
    luma: number,
    side: number,
    a: number,
    b: number,
    tx: number,
    ty: number,
    margin: number,
    right: number,
    bottom: number,
    out: number,
  ): void
  huffmanTable(counts: number, symbols: number, table: number): number
  readScan(
    data: number,
    end: number,
    components: number,
    across: number,
    down: number,
    interval: number,
    piece: number,
    block: number,
  ): number
  writePixels(components: number, width: number, height: number, blueness: number, redness: number, out: number): void
}

/** The loops over pixels, compiled by `npm run build`; they take and give what lies in their memory. */
export const kernels = loadKernels()

function loadKernels(): PixelKernels {
  const module = new WebAssembly.Module(readFileSync(new URL('./pixels.wasm', import.meta.url)))
  const { exports }: { readonly exports: unknown } = new WebAssembly.Instance(module)
  return exports as PixelKernels
}

/** What the compiler may put into the memory ends before. */
const FIRST_PLACE = 2048
/** A vector and what kernels may read and write beyond an end. */
const ALIGNMENT = 16
const BEYOND = 64

/** Places for pictures that are kept from one kernel to the next (`keptAt`), each of so many bytes at most: 295 x 295 pixels. */
export const PICTURE_BYTES = 2 ** 18
export const PICTURE_PLACES = [0, 1].map((i) => FIRST_PLACE + i * (PICTURE_BYTES + BEYOND))
/** The place for the luma of one of them, in floats. */
export const LUMA_PLACE = FIRST_PLACE + PICTURE_PLACES.length * (PICTURE_BYTES + BEYOND)
const LUMA_FLOATS = Math.ceil(PICTURE_BYTES / 3)
/** The place for the input of a network: so many floats are two chips and their mirror images. */
const INPUT_PLACE = placeAfter(LUMA_PLACE, 4 * LUMA_FLOATS)
const INPUT_FLOATS = 4 * CHIP_SIZE ** 2 * 3
const FIRST_FREE = placeAfter(INPUT_PLACE, 4 * INPUT_FLOATS)

/**
 * So much that kernels are given at a time, in bytes: their memory has one size, so larger pictures are worked on in parts.
 */
export const MOST_AT_A_TIME = 2 ** 20

/** The next place after one of so many bytes. */
function placeAfter(place: number, bytes: number): number {
  return place + ALIGNMENT * Math.ceil((bytes + BEYOND) / ALIGNMENT)
}

/**
 * Places for so many bytes each, in the kernels' memory; what they held before is lost.
 * @throws RangeError where there is no room for so much
 */
export function placesFor(...lengths: readonly number[]): number[] {
  let end = FIRST_FREE
  const places = lengths.map((length) => {
    const place = end
    end = placeAfter(place, length)
    return place
  })
  if (end > kernels.memory.buffer.byteLength) throw new RangeError(`the kernels have no room for ${end} bytes`)
  return places
}

/** A view of bytes at a place. The memory never grows, so that views stay what they are. */
export function bytesAt(place: number, length: number): Uint8Array {
  return new Uint8Array(kernels.memory.buffer, place, length)
}

/** A view of floats at a place. */
export function floatsAt(place: number, length: number): Float32Array {
  return new Float32Array(kernels.memory.buffer, place, length)
}

/** Where floats lie in the kernels' memory; undefined where they lie elsewhere. */
export function placeOf({ buffer, byteOffset }: Float32Array): number | undefined {
  return buffer === kernels.memory.buffer ? byteOffset : undefined
}

/** Room for the input of a network: what kernels write there, it reads without a copy. */
export const NETWORK_INPUT = floatsAt(INPUT_PLACE, INPUT_FLOATS)
