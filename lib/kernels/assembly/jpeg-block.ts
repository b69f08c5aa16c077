import { code } from './jpeg-huffman'

/** Where in a block of 8 x 8 the coefficients stand, in the order in which they come (ITU-T T.81, figure A.6). */
const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
])
/**
 * Coefficients from here on (or below its negative), and numbers of more bits, come from no photo: those of 8-bit shades reach
 * 1,024. Four times this is more than the 16 bits in which libjpeg computes. A power of two, so that what is in range leaves all
 * upper bits 0.
 */
const TOO_LARGE = 8192
const MOST_BITS = 11

/** The next bits, the first uppermost; how many of them are valid; and from where on they are read. */
let bits: u64 = 0
let valid: u32 = 0
let next: usize = 0

/** Begins to read bits at a place. */
export function startBits(place: usize): void {
  bits = 0
  valid = 0
  next = place
}

/** How many bits from a place on have been read. */
export function bitsSince(place: usize): i32 {
  return ((<i32>(next - place)) << 3) - <i32>valid
}

/**
 * Reads a block, as coefficients times their quantisers.
 * @param dc, ac tables of codes
 * @param quantisers 64 of 16 bits, in the order in which coefficients come
 * @param predicted where the first coefficient of the component's block before is, before it was multiplied; this one's takes its place
 * @param block 64 coefficients of 16 bits, row by row; they must be 0
 * @returns how many coefficients there may be other than 0 (those before the last in the order in which they come); 0 where something is wrong
 */
export function readBlock(dc: usize, ac: usize, quantisers: usize, predicted: usize, block: usize): i32 {
  let ahead = bits
  let count = valid
  let at = next
  // Refilled to at least 56 bits: enough for a code and a number.
  ahead |= bswap<u64>(load<u64>(at)) >> count
  at += (63 - count) >> 3
  count |= 56
  let found = code(dc, ahead)
  let size = found & 255
  if (found === 0 || size > MOST_BITS) return 0
  let length = found >> 8
  ahead <<= length
  const first = load<i32>(predicted) + number(ahead, size)
  ahead <<= size
  count -= length + size
  store<i32>(predicted, first)
  const scaled = first * load<u16>(quantisers)
  let wrong = scaled + TOO_LARGE
  store<i16>(block, <i16>scaled)

  let last = 0
  for (let i = 1; i < 64; i++) {
    // Less would not be enough for a code and a number; not each time, as the next code would have to wait for it.
    if (count < 32) {
      ahead |= bswap<u64>(load<u64>(at)) >> count
      at += (63 - count) >> 3
      count |= 56
    }
    found = code(ac, ahead)
    if (found === 0) return 0
    length = found >> 8
    size = found & 15
    i += (found >> 4) & 15
    ahead <<= length
    count -= length
    if (size === 0) {
      // Sixteen zeros, or nothing but zeros up to the end.
      if ((found & 0xf0) === 0xf0) continue
      if ((found & 0xf0) !== 0) return 0
      break
    }
    if (i > 63 || size >= MOST_BITS) return 0
    const value = number(ahead, size) * load<u16>(quantisers + ((<usize>i) << 1))
    ahead <<= size
    count -= size
    wrong |= value + TOO_LARGE
    store<i16>(block + ((<usize>load<u8>(ZIGZAG + i)) << 1), <i16>value)
    last = i
  }
  bits = ahead
  valid = count
  next = at
  return wrong < 0 || wrong >= 2 * TOO_LARGE ? 0 : last + 1
}

/** The number that `size` bits stand for, of which those with an upper bit of 0 are negative (ITU-T T.81, F.2.2.1). */
function number(ahead: u64, size: i32): i32 {
  if (size === 0) return 0
  const value = <i32>(ahead >> (64 - size))
  return value - (<i32>(<i64>ahead >= 0) & 1) * ((1 << size) - 1)
}
