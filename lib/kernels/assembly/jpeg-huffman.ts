/** Codes of so many bits at most are looked up at once; nearly all are. */
const FAST_BITS = 9
/** Where the parts of a table begin: for each value of the next bits the code's length and symbol; for each length what its codes are below, and how far their symbols are from them; the symbols. */
const LIMITS: usize = 2 << FAST_BITS
const OFFSETS: usize = LIMITS + 4 * 17
const SYMBOLS: usize = OFFSETS + 4 * 17

/**
 * Makes the table that `code` looks codes up in (ITU-T T.81, annex C).
 * @param counts how many codes there are of each length from 1 to 16 bits, a byte each
 * @param symbols what the codes stand for, in their order: 256 bytes, of which those without a code do not matter
 * @param table 1,416 bytes
 * @returns false where there are more codes than bits for them
 */
export function huffmanTable(counts: usize, symbols: usize, table: usize): bool {
  memory.fill(table, 0, LIMITS)
  memory.copy(table + SYMBOLS, symbols, 256)
  let next = 0
  let index = 0
  for (let length = 1; length <= 16; length++) {
    const count = <i32>load<u8>(counts + length - 1)
    store<i32>(table + OFFSETS + 4 * length, index - next)
    // A code of ones only is not allowed either.
    if (next + count >= 1 << length) return false
    for (let i = 0; i < count; i++, next++, index++) {
      if (length > FAST_BITS) continue
      const entry = <u16>((length << 8) | load<u8>(symbols + index))
      const first = next << (FAST_BITS - length)
      for (let value = first; value < first + (1 << (FAST_BITS - length)); value++) store<u16>(table + 2 * value, entry)
    }
    store<i32>(table + LIMITS + 4 * length, next << (16 - length))
    next <<= 1
  }
  return true
}

/**
 * The code that bits begin with, the first of them uppermost.
 * @returns 256 times its length plus its symbol; 0 where it is none
 */
export function code(table: usize, bits: u64): i32 {
  const entry = <i32>load<u16>(table + ((<usize>(bits >> (64 - FAST_BITS))) << 1))
  return entry !== 0 ? entry : longCode(table, <i32>(bits >> 48))
}

function longCode(table: usize, bits: i32): i32 {
  for (let length = FAST_BITS + 1; length <= 16; length++) {
    if (bits >= load<i32>(table + LIMITS + 4 * length)) continue
    const index = (bits >> (16 - length)) + load<i32>(table + OFFSETS + 4 * length)
    return (length << 8) | load<u8>(table + SYMBOLS + index)
  }
  return 0
}
