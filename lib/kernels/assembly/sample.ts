/** Bytes of three floats: one pixel of what is written. */
const PIXEL: usize = 12

/** Positions are in 2^-32 pixels from the centre of pixel 0: the upper half is the pixel, the lower how far beyond its centre. */
const ONE: f64 = 4294967296
const HALF: i64 = 1 << 31
const UPPER: i64 = 32

/**
 * Samples rows of a square by linear interpolation; what lies outside the picture is 0.
 * @param image where pixel (0, 0) of an RGB picture of bytes is, or would be: only what the square covers has to be there
 * @param stride from one row of the picture to the next
 * @param width, height of the picture, in pixels
 * @param a, b, tx, ty from pixels of the square to pixels of the picture: x' = a x - b y + tx, y' = b x + a y + ty
 * @param size of the square, of which rows `from` to `to` are sampled
 * @param out (to - from) x size x 3 floats, 0 to 255
 */
export function sampleSquare(
  image: usize,
  stride: i32,
  width: i32,
  height: i32,
  a: f64,
  b: f64,
  tx: f64,
  ty: f64,
  size: i32,
  from: i32,
  to: i32,
  out: usize,
): void {
  const lastColumn = width - 1
  const lastRow = height - 1
  const stepX = fixed(a)
  const stepY = fixed(b)
  // The borders of the picture, and within them, where a pixel has neighbours on all sides.
  const endX = ((<i64>width) << UPPER) - HALF
  const endY = ((<i64>height) << UPPER) - HALF
  const innerRight = (<i64>lastColumn) << UPPER
  const innerBottom = (<i64>lastRow) << UPPER
  for (let row = from; row < to; row++) {
    const y = <f64>row + 0.5
    let px = fixed(a * 0.5 - b * y + tx) - HALF
    let py = fixed(b * 0.5 + a * y + ty) - HALF
    const lastX = px + (size - 1) * stepX
    const lastY = py + (size - 1) * stepY
    const acrossInside = min<i64>(px, lastX) >= 0 && max<i64>(px, lastX) < innerRight
    const downInside = min<i64>(py, lastY) >= 0 && max<i64>(py, lastY) < innerBottom
    if (acrossInside && downInside) {
      for (let x = 0; x < size; x++, out += PIXEL, px += stepX, py += stepY) {
        const upper = image + <i32>(py >> UPPER) * stride + <i32>(px >> UPPER) * 3
        v128.store(out, interpolate(upper, upper + stride, fraction(px), fraction(py)))
      }
      continue
    }
    for (let x = 0; x < size; x++, out += PIXEL, px += stepX, py += stepY) {
      if (px < -HALF || px >= endX || py < -HALF || py >= endY) {
        v128.store(out, f32x4.splat(0))
        continue
      }
      const sx = max<i64>(px, 0)
      const sy = max<i64>(py, 0)
      const column = <i32>(sx >> UPPER)
      const line = <i32>(sy >> UPPER)
      const upper = image + line * stride + column * 3
      // Beyond the last column and row there is nothing to interpolate with.
      const fx: f32 = column < lastColumn ? fraction(sx) : 0
      v128.store(out, interpolate(upper, line < lastRow ? upper + stride : upper, fx, fraction(sy)))
    }
  }
}

/** Writes the mirror image, left and right exchanged, of `rows` rows of size x 3 floats. */
export function mirror(square: usize, size: i32, rows: i32, out: usize): void {
  for (let y = 1; y <= rows; y++) {
    let from = square + PIXEL * (<usize>y * size - 1)
    for (let x = 0; x < size; x++, from -= PIXEL, out += PIXEL) v128.store(out, v128.load(from))
  }
}

function fixed(pixels: f64): i64 {
  return <i64>nearest(pixels * ONE)
}

/** How far beyond a pixel's centre, in 24 bits: as many as a float has. */
function fraction(position: i64): f32 {
  return <f32>(<i32>(<u32>position >> 8)) * <f32>(1.0 / 16777216)
}

/** Red, green and blue of the first and of the second of two pixels, as integers: where their bytes are; all others are 0. */
const FIRST = i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1, -1)
const SECOND = i8x16(3, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1, -1)

/** Between two pixels of a row and the two below: red, green, blue, and 0. */
function interpolate(upper: usize, lower: usize, fx: f32, fy: f32): v128 {
  const across = f32x4.splat(fx)
  const above = interpolateAcross(upper, across)
  const below = interpolateAcross(lower, across)
  return f32x4.add(above, f32x4.mul(f32x4.sub(below, above), f32x4.splat(fy)))
}

function interpolateAcross(pixels: usize, fx: v128): v128 {
  const bytes = v128.load64_zero(pixels)
  const here = f32x4.convert_i32x4_s(i8x16.swizzle(bytes, FIRST))
  const beside = f32x4.convert_i32x4_s(i8x16.swizzle(bytes, SECOND))
  return f32x4.add(here, f32x4.mul(f32x4.sub(beside, here), fx))
}
