/**
 * Writes a print: the mean of each 2 x 2 luma, rounded, at least 1; 0 where the middle of the four does not lie within borders.
 * @param luma 2 side x 2 side floats
 * @param side a multiple of four
 * @param a, b, tx, ty from pixels of the luma to where they were sampled: x' = a x - b y + tx, y' = b x + a y + ty
 * @param margin how far from 0 and beyond the borders, right and bottom, a middle must be
 * @param out side x side bytes; they may be written over the luma
 */
export function printOf(
  luma: usize,
  side: i32,
  a: f64,
  b: f64,
  tx: f64,
  ty: f64,
  margin: f64,
  right: f64,
  bottom: f64,
  out: usize,
): void {
  const stride = (<usize>side) << 3
  const limits = f64x2(right, bottom)
  const step = f64x2(2 * a, 2 * b)
  for (let row = 0; row < side; row++, luma += stride) {
    const y = 2 * <f64>row + 1
    let middle = f64x2(a - b * y + tx, b + a * y + ty)
    for (let column = 0; column < side; column += 4, luma += 32, out += 4) {
      const means = fourMeans(luma, luma + stride)
      let seen: u32 = 0
      for (let i = 0; i < 32; i += 8) {
        const within = v128.and(f64x2.ge(middle, f64x2.splat(margin)), f64x2.lt(middle, limits))
        if (i64x2.all_true(within)) seen |= (<u32>255) << i
        middle = f64x2.add(middle, step)
      }
      store<u32>(out, means & seen)
    }
  }
}

/** The means of 2 x 2 floats, four of them after each other, as bytes. */
function fourMeans(upper: usize, lower: usize): u32 {
  const left = f32x4.add(v128.load(upper), v128.load(lower))
  const right = f32x4.add(v128.load(upper, 16), v128.load(lower, 16))
  const sums = f32x4.add(v128.shuffle<i32>(left, right, 0, 2, 4, 6), v128.shuffle<i32>(left, right, 1, 3, 5, 7))
  const rounded = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(sums, f32x4.splat(0.25)), f32x4.splat(0.5)))
  const shorts = i16x8.narrow_i32x4_s(i32x4.max_s(rounded, i32x4.splat(1)), i32x4.splat(0))
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(shorts, shorts), 0)
}
