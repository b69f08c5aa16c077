/** Segments that stand alone, without a length (ITU-T T.81, table B.1): not before the picture of any sound file. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9)
/** The segments that tell the size: start of frame, of every kind. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** Begins a segment with EXIF, which may tell that the picture is turned, or with XMP. */
const APP1 = 0xe1
/** Begins the picture itself. */
const START_OF_SCAN = 0xda

/**
 * Width and height of an ordinary JPEG, from its header: to ask the decoder for them takes a sixth of the time to decode a
 * small photo.
 * @param content all of the file
 * @returns undefined for a file that may be turned by EXIF, or is in any way out of the ordinary: ask the decoder then
 */
export function plainJpegSize(content: Buffer): { readonly width: number; readonly height: number } | undefined {
  let at = 2
  while (at + 9 <= content.length && content[at] === 0xff) {
    const marker = content[at + 1]
    if (marker === 0xff || marker === APP1 || marker === START_OF_SCAN || isAlone(marker)) return undefined
    if (isFrame(marker)) {
      const [height, width] = [content.readUInt16BE(at + 5), content.readUInt16BE(at + 7)]
      return width > 0 && height > 0 ? { width, height } : undefined
    }
    at += 2 + content.readUInt16BE(at + 2)
  }
  return undefined
}
