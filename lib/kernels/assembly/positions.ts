/*
 * Positions are in 2^-32 pixels from the centre of pixel 0: the upper half is the pixel, the lower how far beyond its centre.
 */

const ONE: f64 = 4294967296
const HALF: i64 = 1 << 31
const UPPER: i64 = 32
/** What 24 bits are divided by to be a share of a pixel: as many as a float has. */
export const SHARE: f32 = 1.0 / 16777216

export function fixed(pixels: f64): i64 {
  return <i64>nearest(pixels * ONE)
}

/** A position from the border of pixel 0. */
export function fromBorder(pixels: f64): i64 {
  return fixed(pixels) - HALF
}

/** The pixel whose centre is not beyond a position. */
export function pixelOf(position: i64): i32 {
  return <i32>(position >> UPPER)
}

/** How far beyond a pixel's centre. */
export function fraction(position: i64): f32 {
  return <f32>(<i32>(<u32>position >> 8)) * SHARE
}

/** Whether a position lies in a picture. */
export function isInside(px: i64, py: i64, width: i32, height: i32): bool {
  return <u64>(px + HALF) < (<u64>width) << UPPER && <u64>(py + HALF) < (<u64>height) << UPPER
}

/** Whether it has pixels of the picture on all sides. */
export function hasNeighbours(px: i64, py: i64, width: i32, height: i32): bool {
  return <u64>px < (<u64>(width - 1)) << UPPER && <u64>py < (<u64>(height - 1)) << UPPER
}
