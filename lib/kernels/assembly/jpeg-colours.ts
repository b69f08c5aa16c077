import { ACROSS, COMPONENT, DOWN, SHADES, STRIDE } from './jpeg-component'

/**
 * Makes a picture of the shades of its components.
 * @param components eight integers each
 * @param blueness, redness room for a row: as many bytes as a row of luma has
 * @param out width x height RGB pixels; up to 45 bytes more are written
 */
export function writePixels(
  components: usize,
  width: i32,
  height: i32,
  blueness: usize,
  redness: usize,
  out: usize,
): void {
  const isNarrow = load<i32>(components, ACROSS) === 2
  const isLow = load<i32>(components, DOWN) === 2
  const columns = isNarrow ? (width + 1) >> 1 : width
  const rows = isLow ? (height + 1) >> 1 : height
  for (let y = 0; y < height; y++) {
    const near = isLow ? y >> 1 : y
    const far = isLow ? min(max(0, near - 1 + 2 * (y & 1)), rows - 1) : near
    const nearB = rowOf(components + COMPONENT, near)
    const nearR = rowOf(components + 2 * COMPONENT, near)
    if (isNarrow) {
      widen(nearB, rowOf(components + COMPONENT, far), isLow, columns, blueness)
      widen(nearR, rowOf(components + 2 * COMPONENT, far), isLow, columns, redness)
    }
    writeRow(rowOf(components, y), isNarrow ? blueness : nearB, isNarrow ? redness : nearR, width, out)
    out += 3 * width
  }
}

function rowOf(component: usize, y: i32): usize {
  return load<i32>(component, SHADES) + y * load<i32>(component, STRIDE)
}

/**
 * Writes the shades of a component at the full width of the picture, where it has them at half of it: each is made of a
 * nearer and a farther one across, and, where it has them at half the height too, down. So does libjpeg by default
 * ("fancy upsampling", its jdsample.c), to the last bit.
 * @param near, far the rows of shades that are nearer and farther; the same, where it has them at full height
 * @param width of these rows, in shades
 * @param out 2 x width bytes
 */
function widen(near: usize, far: usize, isLow: bool, width: i32, out: usize): void {
  // What is added before it is rounded down, in turns, so that on average nothing is lost.
  const left = i16x8.splat(isLow ? 8 : 4)
  const right = i16x8.splat(isLow ? 7 : 8)
  extend(near, width)
  extend(far, width)
  for (let i = 0; i < width; i += 8, near += 8, far += 8, out += 16) {
    const here = i16x8.mul(mixed(near, far), i16x8.splat(3))
    const even = i16x8.shr_u(i16x8.add(i16x8.add(here, mixed(near - 1, far - 1)), left), 4)
    const odd = i16x8.shr_u(i16x8.add(i16x8.add(here, mixed(near + 1, far + 1)), right), 4)
    v128.store(out, v128.or(even, i16x8.shl(odd, 8)))
  }
}

/** Beside its borders a row goes on as it ends there. */
function extend(row: usize, width: i32): void {
  store<u8>(row - 1, load<u8>(row))
  store<u8>(row + width, load<u8>(row + width - 1))
}

/** Eight shades, three parts of the nearer and one of the farther. */
function mixed(near: usize, far: usize): v128 {
  return i16x8.add(i16x8.mul(v128.load_ext<u8>(near), i16x8.splat(3)), v128.load_ext<u8>(far))
}

/**
 * Makes RGB of a row of luma and the two differences of colour (JFIF 1.02: ITU-R BT.601, full range), as libjpeg does, to the last
 * bit.
 * @param out 3 x width bytes; up to 45 more are written
 */
function writeRow(luma: usize, blueness: usize, redness: usize, width: i32, out: usize): void {
  for (let i = 0; i < width; i += 16, luma += 16, blueness += 16, redness += 16, out += 48) {
    const y = v128.load(luma)
    const b = i8x16.add(v128.load(blueness), i8x16.splat(-128))
    const r = i8x16.add(v128.load(redness), i8x16.splat(-128))
    const lowY = i16x8.extend_low_i8x16_u(y)
    const highY = i16x8.extend_high_i8x16_u(y)
    const lowB = i16x8.extend_low_i8x16_s(b)
    const highB = i16x8.extend_high_i8x16_s(b)
    const lowR = i16x8.extend_low_i8x16_s(r)
    const highR = i16x8.extend_high_i8x16_s(r)
    const red = i8x16.narrow_i16x8_u(redOf(lowY, lowR), redOf(highY, highR))
    const green = i8x16.narrow_i16x8_u(greenOf(lowY, lowB, lowR), greenOf(highY, highB, highR))
    const blue = i8x16.narrow_i16x8_u(blueOf(lowY, lowB), blueOf(highY, highB))
    storeInTurns(red, green, blue, out)
  }
}

// Constants have 16 bits after the point in libjpeg, and 15 here: for all shades it gives the same. Of each only what it has
// beyond a whole number is multiplied.

function redOf(y: v128, r: v128): v128 {
  // 1.402
  return i16x8.add(i16x8.add(y, r), i16x8.q15mulr_sat_s(r, i16x8.splat(13172)))
}

function blueOf(y: v128, b: v128): v128 {
  // 1.772
  return i16x8.add(i16x8.add(y, i16x8.shl(b, 1)), i16x8.q15mulr_sat_s(b, i16x8.splat(-7471)))
}

function greenOf(y: v128, b: v128, r: v128): v128 {
  // -0.34414 and -0.71414, which is 0.28586 more than -1; these with 16 bits, as both products are rounded together
  const by = i32x4.splat((-22554 & 0xffff) | (18734 << 16))
  const half = i32x4.splat(32768)
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(b, r, 0, 8, 1, 9, 2, 10, 3, 11), by)
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(b, r, 4, 12, 5, 13, 6, 14, 7, 15), by)
  const products = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(low, half), 16), i32x4.shr_s(i32x4.add(high, half), 16))
  return i16x8.add(i16x8.sub(y, r), products)
}

/**
 * Writes sixteen pixels. Of each colour by itself: the constants of a shuffle of two vectors would be made anew each time, these
 * stay in registers.
 */
function storeInTurns(red: v128, green: v128, blue: v128, out: usize): void {
  const r0 = i8x16.swizzle(red, i8x16(0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1, 5))
  const g0 = i8x16.swizzle(green, i8x16(-1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1))
  const b0 = i8x16.swizzle(blue, i8x16(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1))
  v128.store(out, v128.or(v128.or(r0, g0), b0))
  const r1 = i8x16.swizzle(red, i8x16(-1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10, -1))
  const g1 = i8x16.swizzle(green, i8x16(5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10))
  const b1 = i8x16.swizzle(blue, i8x16(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1))
  v128.store(out, v128.or(v128.or(r1, g1), b1), 16)
  const r2 = i8x16.swizzle(red, i8x16(-1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1, -1))
  const g2 = i8x16.swizzle(green, i8x16(-1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1))
  const b2 = i8x16.swizzle(blue, i8x16(10, -1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15))
  v128.store(out, v128.or(v128.or(r2, g2), b2), 32)
}
