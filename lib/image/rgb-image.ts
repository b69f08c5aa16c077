/** Pixels of a photo or a part of one: row by row, three bytes a pixel (red, green, blue; sRGB, 0 to 255), no padding. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}
