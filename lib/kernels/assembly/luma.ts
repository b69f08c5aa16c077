/** Writes the luma (ITU-R BT.601, 0 to 255) of `count` RGB pixels in bytes. */
export function lumaOfBytes(rgb: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i += 4, rgb += 12, out += 16) {
    const bytes = v128.load(rgb)
    const red = i8x16.swizzle(bytes, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1))
    const green = i8x16.swizzle(bytes, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1))
    const blue = i8x16.swizzle(bytes, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1))
    v128.store(out, weighted(f32x4.convert_i32x4_s(red), f32x4.convert_i32x4_s(green), f32x4.convert_i32x4_s(blue)))
  }
}

/** The same of pixels in floats; it may be written over the pixels. */
export function lumaOf(rgb: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i += 4, rgb += 48, out += 16) {
    const first = v128.load(rgb)
    const second = v128.load(rgb, 16)
    const third = v128.load(rgb, 32)
    // Four pixels: r g b r, g b r g, b r g b.
    const red = v128.shuffle<i32>(v128.shuffle<i32>(first, second, 0, 3, 6, 6), third, 0, 1, 2, 5)
    const green = v128.shuffle<i32>(v128.shuffle<i32>(first, second, 1, 4, 7, 7), third, 0, 1, 2, 6)
    const blue = v128.shuffle<i32>(v128.shuffle<i32>(first, second, 2, 5, 5, 5), third, 0, 1, 4, 7)
    v128.store(out, weighted(red, green, blue))
  }
}

function weighted(red: v128, green: v128, blue: v128): v128 {
  const redAndGreen = f32x4.add(f32x4.mul(red, f32x4.splat(0.299)), f32x4.mul(green, f32x4.splat(0.587)))
  return f32x4.add(redAndGreen, f32x4.mul(blue, f32x4.splat(0.114)))
}

/** How many of `count` floats are at least so large. */
export function countFrom(least: f32, floats: usize, count: i32): i32 {
  let found = 0
  for (let i = 0; i < count; i += 4, floats += 16) {
    const large = i32x4.bitmask(f32x4.ge(v128.load(floats), f32x4.splat(least)))
    found += popcnt(count - i >= 4 ? large : large & ((1 << (count - i)) - 1))
  }
  return found
}

/**
 * How sharp a picture is, whatever its contrast: the mean size of the Laplacian in standard deviations of the luma. Some 0.01 for a
 * smooth blur, 0.1 to 0.3 for a face in focus; noise counts as sharp. 0 where all is of one shade.
 * @param luma width x height floats
 */
export function sharpness(luma: usize, width: i32, height: i32): f64 {
  const stride = (<usize>width) << 2
  let sum: f64 = 0
  let square: f64 = 0
  let edges: f64 = 0
  for (let y = 0; y < height; y++) {
    const row = luma + <usize>y * stride
    const end = row + stride
    // The sums of a row, in four parts, are small enough for floats.
    let sums = f32x4.splat(0)
    let squares = f32x4.splat(0)
    for (let at = row; at < end; at += 16) {
      const shades = firstOf(v128.load(at), <i32>(end - at))
      sums = f32x4.add(sums, shades)
      squares = f32x4.add(squares, f32x4.mul(shades, shades))
    }
    sum += total(sums)
    square += total(squares)
    if (y === 0 || y === height - 1) continue
    let sizes = f32x4.splat(0)
    for (let at = row + 4; at < end - 4; at += 16) {
      const beside = f32x4.add(v128.load(at - 4), v128.load(at + 4))
      const around = f32x4.add(beside, f32x4.add(v128.load(at - stride), v128.load(at + stride)))
      const laplacian = f32x4.sub(f32x4.mul(v128.load(at), f32x4.splat(4)), around)
      sizes = f32x4.add(sizes, firstOf(f32x4.abs(laplacian), <i32>(end - 4 - at)))
    }
    edges += total(sizes)
  }
  const count = <f64>width * <f64>height
  const mean = sum / count
  const deviation = sqrt(max(0, square / count - mean * mean))
  const inner = max(1, <f64>(width - 2) * <f64>(height - 2))
  return deviation < 1 ? 0 : edges / inner / deviation
}

/** A vector in which what lies beyond so many bytes is 0. */
function firstOf(vector: v128, bytes: i32): v128 {
  return bytes >= 16 ? vector : v128.and(vector, i32x4.lt_s(i32x4(0, 4, 8, 12), i32x4.splat(bytes)))
}

function total(vector: v128): f64 {
  const low = <f64>f32x4.extract_lane(vector, 0) + <f64>f32x4.extract_lane(vector, 1)
  return low + <f64>f32x4.extract_lane(vector, 2) + <f64>f32x4.extract_lane(vector, 3)
}
