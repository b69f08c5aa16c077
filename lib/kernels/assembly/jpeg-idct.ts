/** Bits after the point: of constants, and of what the first pass leaves. */
const CONSTANT_BITS = 13
const PASS_BITS = 2
/** Of what the second pass leaves: the transform makes numbers eight times as large. */
const SCALE_BITS = 3

/**
 * The inverse cosine transform of a block, as libjpeg computes it by default (its jidctint.c, after Loeffler, Ligtenberg and
 * Moschytz, 1989), to the last bit: integers, columns first.
 * @param block 64 coefficients of 16 bits; they are 0 afterwards
 * @param out where the shade of pixel (0, 0) goes, in bytes
 * @param stride from one row of shades to the next
 */
export function inverseTransform(block: usize, out: usize, stride: usize): void {
  transformColumns(block, CONSTANT_BITS - PASS_BITS)
  transformColumns(block, CONSTANT_BITS + PASS_BITS + SCALE_BITS)
  for (let row: usize = 0; row < 128; row += 32, out += 2 * stride) {
    const shades = shadesOf(v128.load(block + row), v128.load(block + row, 16))
    v128.store(block + row, i16x8.splat(0))
    v128.store(block + row, i16x8.splat(0), 16)
    v128.store64_lane(out, shades, 0)
    v128.store64_lane(out + stride, shades, 1)
  }
}

/** The same for a block in which only the first coefficient is not 0: all of one shade. */
export function fillBlock(block: usize, out: usize, stride: usize): void {
  const level = i16x8.splat(<i16>((<i32>load<i16>(block) + (1 << (SCALE_BITS - 1))) >> SCALE_BITS))
  store<i16>(block, 0)
  const shades = shadesOf(level, level)
  for (let row = 0; row < 8; row++, out += stride) v128.store64_lane(out, shades, 0)
}

function shadesOf(low: v128, high: v128): v128 {
  return i8x16.add(i8x16.narrow_i16x8_s(low, high), i8x16.splat(-128))
}

/** Transforms the columns of a block, and exchanges rows and columns. */
function transformColumns(block: usize, shift: i32): void {
  const in0 = v128.load(block)
  const in1 = v128.load(block, 16)
  const in2 = v128.load(block, 32)
  const in3 = v128.load(block, 48)
  const in4 = v128.load(block, 64)
  const in5 = v128.load(block, 80)
  const in6 = v128.load(block, 96)
  const in7 = v128.load(block, 112)
  const half = i32x4.splat(1 << (shift - 1))

  // The even part. Each sum of two products is one instruction: a pair of numbers by a pair of constants.
  const even0 = i16x8.add(in0, in4)
  const even1 = i16x8.sub(in0, in4)
  const low26 = lowPairs(in2, in6)
  const high26 = highPairs(in2, in6)
  const by3 = pair(4433 + 6270, 4433)
  const by2 = pair(4433, 4433 - 15137)
  const l0 = i32x4.add(lowScaled(even0), half)
  const h0 = i32x4.add(highScaled(even0), half)
  const l1 = i32x4.add(lowScaled(even1), half)
  const h1 = i32x4.add(highScaled(even1), half)
  const l2 = i32x4.dot_i16x8_s(low26, by2)
  const h2 = i32x4.dot_i16x8_s(high26, by2)
  const l3 = i32x4.dot_i16x8_s(low26, by3)
  const h3 = i32x4.dot_i16x8_s(high26, by3)

  // The odd part.
  const z3 = i16x8.add(in7, in3)
  const z4 = i16x8.add(in5, in1)
  const lowZ = lowPairs(z3, z4)
  const highZ = highPairs(z3, z4)
  const byZ3 = pair(9633 - 16069, 9633)
  const byZ4 = pair(9633, 9633 - 3196)
  const lz3 = i32x4.dot_i16x8_s(lowZ, byZ3)
  const hz3 = i32x4.dot_i16x8_s(highZ, byZ3)
  const lz4 = i32x4.dot_i16x8_s(lowZ, byZ4)
  const hz4 = i32x4.dot_i16x8_s(highZ, byZ4)
  const low71 = lowPairs(in7, in1)
  const high71 = highPairs(in7, in1)
  const low53 = lowPairs(in5, in3)
  const high53 = highPairs(in5, in3)
  const by71 = pair(2446 - 7373, -7373)
  const by17 = pair(-7373, 12299 - 7373)
  const by53 = pair(16819 - 20995, -20995)
  const by35 = pair(-20995, 25172 - 20995)
  const lo0 = i32x4.add(i32x4.dot_i16x8_s(low71, by71), lz3)
  const ho0 = i32x4.add(i32x4.dot_i16x8_s(high71, by71), hz3)
  const lo1 = i32x4.add(i32x4.dot_i16x8_s(low53, by53), lz4)
  const ho1 = i32x4.add(i32x4.dot_i16x8_s(high53, by53), hz4)
  const lo2 = i32x4.add(i32x4.dot_i16x8_s(low53, by35), lz3)
  const ho2 = i32x4.add(i32x4.dot_i16x8_s(high53, by35), hz3)
  const lo3 = i32x4.add(i32x4.dot_i16x8_s(low71, by17), lz4)
  const ho3 = i32x4.add(i32x4.dot_i16x8_s(high71, by17), hz4)

  const le0 = i32x4.add(l0, l3)
  const he0 = i32x4.add(h0, h3)
  const le1 = i32x4.add(l1, l2)
  const he1 = i32x4.add(h1, h2)
  const le2 = i32x4.sub(l1, l2)
  const he2 = i32x4.sub(h1, h2)
  const le3 = i32x4.sub(l0, l3)
  const he3 = i32x4.sub(h0, h3)
  const out0 = rounded(i32x4.add(le0, lo3), i32x4.add(he0, ho3), shift)
  const out7 = rounded(i32x4.sub(le0, lo3), i32x4.sub(he0, ho3), shift)
  const out1 = rounded(i32x4.add(le1, lo2), i32x4.add(he1, ho2), shift)
  const out6 = rounded(i32x4.sub(le1, lo2), i32x4.sub(he1, ho2), shift)
  const out2 = rounded(i32x4.add(le2, lo1), i32x4.add(he2, ho1), shift)
  const out5 = rounded(i32x4.sub(le2, lo1), i32x4.sub(he2, ho1), shift)
  const out3 = rounded(i32x4.add(le3, lo0), i32x4.add(he3, ho0), shift)
  const out4 = rounded(i32x4.sub(le3, lo0), i32x4.sub(he3, ho0), shift)

  // Rows and columns are exchanged by sorting pairs three times.
  const a0 = lowPairs(out0, out4)
  const a1 = highPairs(out0, out4)
  const a2 = lowPairs(out1, out5)
  const a3 = highPairs(out1, out5)
  const a4 = lowPairs(out2, out6)
  const a5 = highPairs(out2, out6)
  const a6 = lowPairs(out3, out7)
  const a7 = highPairs(out3, out7)
  const b0 = lowPairs(a0, a4)
  const b1 = highPairs(a0, a4)
  const b2 = lowPairs(a1, a5)
  const b3 = highPairs(a1, a5)
  const b4 = lowPairs(a2, a6)
  const b5 = highPairs(a2, a6)
  const b6 = lowPairs(a3, a7)
  const b7 = highPairs(a3, a7)
  v128.store(block, lowPairs(b0, b4))
  v128.store(block, highPairs(b0, b4), 16)
  v128.store(block, lowPairs(b1, b5), 32)
  v128.store(block, highPairs(b1, b5), 48)
  v128.store(block, lowPairs(b2, b6), 64)
  v128.store(block, highPairs(b2, b6), 80)
  v128.store(block, lowPairs(b3, b7), 96)
  v128.store(block, highPairs(b3, b7), 112)
}

/** A pair of constants, four times. */
function pair(first: i32, second: i32): v128 {
  return i32x4.splat((first & 0xffff) | (second << 16))
}

/** The first four of eight numbers of each, in turns. */
function lowPairs(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

function highPairs(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** The first four of eight numbers, with as many bits after the point as constants have. */
function lowScaled(numbers: v128): v128 {
  return i32x4.shl(i32x4.extend_low_i16x8_s(numbers), CONSTANT_BITS)
}

function highScaled(numbers: v128): v128 {
  return i32x4.shl(i32x4.extend_high_i16x8_s(numbers), CONSTANT_BITS)
}

function rounded(low: v128, high: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift))
}
