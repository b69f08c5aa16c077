import { bitsSince, readBlock, startBits } from './jpeg-block'
import { AC, ACROSS, COMPONENT, COMPONENTS, DC, DOWN, PREDICTED, QUANTISERS, SHADES, STRIDE } from './jpeg-component'
import { fillBlock, inverseTransform } from './jpeg-idct'

const END_OF_IMAGE = 0xd9
const FIRST_RESTART = 0xd0

/**
 * Reads the only scan of a JPEG, and makes shades of it.
 * @param data, end what follows the header of the scan: to be read to the end of the image
 * @param components three of them, eight integers each
 * @param across, down how many units the image has: of 8 x 8 pixels, or what of several blocks of the first component covers
 * @param interval units from one restart to the next; 0 if there are none
 * @param piece room for what lies between two restarts: as much as there is data, and 2,048 bytes, as a unit may be read beyond the
 *   end before that is noticed
 * @param block room for a block: 128 bytes
 * @returns whether all of it was as it should be
 */
export function readScan(
  data: usize,
  end: usize,
  components: usize,
  across: i32,
  down: i32,
  interval: i32,
  piece: usize,
  block: usize,
): bool {
  const units = across * down
  let pieceEnd: usize = piece
  let left = 0
  let restarts = 0
  memory.fill(block, 0, 128)
  for (let unit = 0, x = 0, y = 0; unit < units; unit++) {
    if (left === 0) {
      if (unit > 0) {
        if (!isRead(pieceEnd) || load<u8>(data, 1) !== FIRST_RESTART + (restarts++ & 7)) return false
        data += 2
      }
      left = interval > 0 ? interval : units
      for (let i: usize = 0; i < COMPONENTS; i++) store<i32>(components + i * COMPONENT, 0, PREDICTED)
      pieceEnd = takePiece(data, end, piece)
      if (pieceEnd === 0) return false
      data = dataEnd
      startBits(piece)
    }
    left--
    if (!readUnit(components, x, y, block) || bitsSince(pieceEnd) > 0) return false
    if (++x === across) {
      x = 0
      y++
    }
  }
  return isRead(pieceEnd) && load<u8>(data, 1) === END_OF_IMAGE
}

/** Whether all bits up to the end of a piece have been read, but for those that fill its last byte. */
function isRead(end: usize): bool {
  const rest = -bitsSince(end)
  return rest >= 0 && rest < 8
}

/** Where the data that was taken last ends: at a marker. */
let dataEnd: usize = 0

/**
 * Copies data up to the next marker, without the zeros that follow bytes of ones (ITU-T T.81, F.1.2.3).
 * @returns the end of the copy; 0 where there is no marker
 */
function takePiece(data: usize, end: usize, piece: usize): usize {
  const ones = i8x16.splat(-1)
  while (data + 16 < end) {
    const bytes = v128.load(data)
    v128.store(piece, bytes)
    const found = i8x16.bitmask(i8x16.eq(bytes, ones))
    if (found === 0) {
      data += 16
      piece += 16
      continue
    }
    const before = ctz(found)
    data += before + 1
    piece += before + 1
    if (load<u8>(data) === 0) {
      data++
      continue
    }
    dataEnd = data - 1
    return piece - 1
  }
  for (; data + 1 < end; data++, piece++) {
    const byte = load<u8>(data)
    store<u8>(piece, byte)
    if (byte !== 0xff) continue
    if (load<u8>(data, 1) !== 0) {
      dataEnd = data
      return piece
    }
    data++
  }
  return 0
}

/** Reads the blocks of each component, and writes their shades. */
function readUnit(components: usize, x: i32, y: i32, block: usize): bool {
  for (let i: usize = 0; i < COMPONENTS; i++, components += COMPONENT) {
    const dc = load<i32>(components, DC)
    const ac = load<i32>(components, AC)
    const quantisers = load<i32>(components, QUANTISERS)
    const stride = load<i32>(components, STRIDE)
    const across = load<i32>(components, ACROSS)
    const down = load<i32>(components, DOWN)
    const first = load<i32>(components, SHADES) + 8 * (y * down * stride + x * across)
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) {
        const count = readBlock(dc, ac, quantisers, components + PREDICTED, block)
        if (count === 0) return false
        const out = first + 8 * (row * stride + column)
        if (count === 1) fillBlock(block, out, stride)
        else inverseTransform(block, out, stride)
      }
    }
  }
  return true
}
