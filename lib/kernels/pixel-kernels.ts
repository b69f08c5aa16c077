import { readFileSync } from 'node:fs'

/** What lib/kernels/assembly exports; places are bytes of the memory. */
interface PixelKernels {
  readonly memory: WebAssembly.Memory
  sampleSquare(
    image: number,
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
  ): void
  mirror(square: number, size: number, rows: number, out: number): void
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
const PAGE = 65_536
/** A vector and what kernels may read and write beyond an end. */
const ALIGNMENT = 16
const BEYOND = 64

/** Places for pictures that are kept from one kernel to the next (`keptAt`), each of so many bytes at most: 295 x 295 pixels. */
export const PICTURE_BYTES = 2 ** 18
export const PICTURE_PLACES = [0, 1].map((i) => FIRST_PLACE + i * (PICTURE_BYTES + BEYOND))
const FIRST_FREE = FIRST_PLACE + PICTURE_PLACES.length * (PICTURE_BYTES + BEYOND)

/**
 * So much that kernels are given at a time, in bytes: their memory never shrinks, so larger pictures are worked on in parts.
 */
export const MOST_AT_A_TIME = 2 ** 20

/** Places for so many bytes each, in the kernels' memory; what it held before is lost, and views of it may be, too. */
export function placesFor(...lengths: readonly number[]): number[] {
  let end = FIRST_FREE
  const places = lengths.map((length) => {
    const place = end
    end += ALIGNMENT * Math.ceil((length + BEYOND) / ALIGNMENT)
    return place
  })
  const missing = end - kernels.memory.buffer.byteLength
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE))
  return places
}

/** A view of bytes at a place, until the next places are asked for. */
export function bytesAt(place: number, length: number): Uint8Array {
  return new Uint8Array(kernels.memory.buffer, place, length)
}

/** A view of floats at a place, until the next places are asked for. */
export function floatsAt(place: number, length: number): Float32Array {
  return new Float32Array(kernels.memory.buffer, place, length)
}
