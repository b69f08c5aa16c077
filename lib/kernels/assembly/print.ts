/**
 * Writes a print: the mean of each 2 x 2 luma, rounded, at least 1; 0 where the middle of the four does not lie within borders.
 * @param luma 2 side x 2 side floats
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
  for (let row = 0; row < side; row++, luma += stride) {
    const v = <f64>row + 0.5
    for (let column = 0; column < side; column++, luma += 8, out++) {
      const u = <f64>column + 0.5
      const x = 2 * (a * u - b * v) + tx
      const y = 2 * (b * u + a * v) + ty
      if (x < margin || y < margin || x >= right || y >= bottom) {
        store<u8>(out, 0)
        continue
      }
      const above = <f64>load<f32>(luma) + <f64>load<f32>(luma, 4)
      const mean = (above + <f64>load<f32>(luma + stride) + <f64>load<f32>(luma + stride, 4)) / 4
      store<u8>(out, <u8>(<i32>max(1, floor(mean + 0.5))))
    }
  }
}
