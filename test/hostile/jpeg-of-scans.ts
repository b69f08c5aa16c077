/** Bits by which a value may come in steps. */
const STEPS = 14
const COEFFICIENTS = 64
/** Blocks that one code of the table below stands for: all values of each are as they were. */
const BLOCKS_A_CODE = 2 ** 14
const BITS_A_CODE = 15

/**
 * A grey progressive JPEG in which each of the 63 coefficients of a block comes in 14 scans, as the standard allows (ITU
 * T.81, annex G): a hundred bytes each, for which a decoder goes through the whole picture.
 */
export function jpegOfScans(side: number): Buffer {
  const blocks = Math.ceil(side / 8) ** 2
  const frame = Buffer.from([8, side >> 8, side & 0xff, side >> 8, side & 0xff, 1, 1, 0x11, 0])
  const means = Buffer.alloc(Math.ceil(blocks / 8))
  const unchanged = Buffer.alloc(Math.ceil((Math.ceil(blocks / BLOCKS_A_CODE) * BITS_A_CODE) / 8))
  const scans = Array.from({ length: COEFFICIENTS - 1 }, (_, i) =>
    Array.from({ length: STEPS }, (_, step) => {
      const [before, after] = [step === 0 ? 0 : STEPS - step, STEPS - 1 - step]
      return [startOfScan(i + 1, (before << 4) | after), unchanged]
    }),
  )
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, Buffer.alloc(1 + COEFFICIENTS, 1).fill(0, 0, 1)),
    segment(0xc2, frame),
    segment(0xc4, codeTable(0x00, 0)),
    segment(0xc4, codeTable(0x10, 0xe0)),
    startOfScan(0, 0),
    means,
    ...scans.flat(2),
    Buffer.from([0xff, 0xd9]),
  ])
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

/** A Huffman table of one code, the bit 0. */
function codeTable(id: number, symbol: number): Buffer {
  return Buffer.from([id, 1, ...Array(15).fill(0), symbol])
}

function startOfScan(coefficient: number, approximation: number): Buffer {
  return segment(0xda, Buffer.from([1, 1, 0, coefficient, coefficient, approximation]))
}
