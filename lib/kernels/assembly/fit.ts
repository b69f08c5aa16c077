/**
 * Rows of a picture that is made smaller or larger: each is a weighted sum of rows, in which each pixel is a weighted sum of
 * pixels. Those that make up row or column t are number start[t] to start[t + 1] of `index` (32-bit integers) and
 * `weight` (floats).
 * @param image where row 0 of an RGB picture of bytes is, or would be: only rows that are needed have to be there
 * @param stride bytes of a row
 * @param line room for a row of the picture as floats
 * @param width of what is written, in pixels; `size` from one of its rows to the next
 * @param from, to which of its rows
 * @param out (to - from) x size x 3 floats; what lies beside the picture stays as it is
 */
export function fitIntoSquare(
  image: usize,
  stride: i32,
  rowStart: usize,
  rowIndex: usize,
  rowWeight: usize,
  columnStart: usize,
  columnIndex: usize,
  columnWeight: usize,
  line: usize,
  width: i32,
  size: i32,
  from: i32,
  to: i32,
  out: usize,
): void {
  for (let row = from; row < to; row++, out += size * 12) {
    mixRows(image, stride, rowIndex, rowWeight, item(rowStart, row), item(rowStart, row + 1), line)
    filterColumns(line, columnStart, columnIndex, columnWeight, width, out)
  }
}

function item(integers: usize, i: i32): i32 {
  return load<i32>(integers + ((<usize>i) << 2))
}

function weightOf(weights: usize, i: i32): v128 {
  return v128.load_splat<f32>(weights + ((<usize>i) << 2))
}

/** The weighted sum of rows of bytes, in floats: sixteen at a time, so that each is written once. */
function mixRows(image: usize, stride: i32, index: usize, weight: usize, first: i32, end: i32, line: usize): void {
  for (let i = 0; i < stride; i += 16, line += 64) {
    let p = f32x4.splat(0)
    let q = f32x4.splat(0)
    let r = f32x4.splat(0)
    let s = f32x4.splat(0)
    for (let tap = first; tap < end; tap++) {
      const w = weightOf(weight, tap)
      const bytes = v128.load(image + item(index, tap) * stride + i)
      const low = i16x8.extend_low_i8x16_u(bytes)
      const high = i16x8.extend_high_i8x16_u(bytes)
      p = f32x4.add(p, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low))))
      q = f32x4.add(q, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low))))
      r = f32x4.add(r, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high))))
      s = f32x4.add(s, f32x4.mul(w, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high))))
    }
    v128.store(line, p, 0)
    v128.store(line, q, 16)
    v128.store(line, r, 32)
    v128.store(line, s, 48)
  }
}

function filterColumns(line: usize, start: usize, index: usize, weight: usize, width: i32, out: usize): void {
  let tap = item(start, 0)
  for (let target = 1; target <= width; target++, out += 12) {
    const end = item(start, target)
    let sum = f32x4.splat(0)
    for (; tap < end; tap++) {
      sum = f32x4.add(sum, f32x4.mul(weightOf(weight, tap), v128.load(line + item(index, tap) * 12)))
    }
    // Not a fourth float: at the end of a row it would be the first of the next, which is written already where it is 0.
    v128.store64_lane(out, sum, 0)
    v128.store32_lane(out, sum, 2, 8)
  }
}
