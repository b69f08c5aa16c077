import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { lumaOf } from './sharpness.js'

/** What each value of a colour, 0 to 255, becomes. */
export type Tones = Uint8Array

/** Shares of the pixels below and above which all is black and white. */
const BLACK = 0.001
const WHITE = 0.999
/** A mean luma outside of these is of a photo that is too dark or too bright: 4 % of the photos of LFW. */
const DARK = 60
const BRIGHT = 175
/** A range of luma, from the darkest to the brightest pixel, below which a photo is flat; of no photo of LFW. */
const FLAT = 100

/**
 * How a picture that is too dark, too bright or flat is to be lit for its faces to show: half way between its range
 * stretched and its histogram evened out. The first alone does not separate the tones of an overexposed face, the second
 * alone coarsens those of a dark one.
 * @returns undefined where the picture is lit well
 */
export function evenTones(image: RgbImage): Tones | undefined {
  const histogram = lumaHistogram(image)
  const total = image.width * image.height
  const mean = histogram.reduce((sum, count, luma) => sum + count * luma, 0) / total
  const [from, to] = [quantileOf(histogram, BLACK * total), quantileOf(histogram, WHITE * total)]
  if (mean >= DARK && mean <= BRIGHT && quantileOf(histogram, total) - quantileOf(histogram, 1) >= FLAT)
    return undefined
  const tones = new Uint8Array(256)
  let below = 0
  histogram.forEach((count, value) => {
    const evened = (below + count / 2) / total
    const stretched = Math.max(0, Math.min(1, (value - from) / Math.max(1, to - from)))
    tones[value] = Math.round(255 * ((evened + stretched) / 2))
    below += count
  })
  return tones
}

/** A picture with other tones. */
export function withTones(image: RgbImage, tones: Tones): RgbImage {
  return { ...image, data: image.data.map((value) => tones[value]) }
}

/** A photo all of which is seen with other tones. */
export class TonedPhoto implements Photo {
  readonly format: Photo['format']
  readonly width: number
  readonly height: number

  constructor(
    private readonly photo: Photo,
    private readonly tones: Tones,
  ) {
    this.format = photo.format
    this.width = photo.width
    this.height = photo.height
  }

  async preview(maxSide: number) {
    const { image, scale } = await this.photo.preview(maxSide)
    return { image: withTones(image, this.tones), scale }
  }

  async region(rect: Parameters<Photo['region']>[0]) {
    return withTones(await this.photo.region(rect), this.tones)
  }
}

/** How many pixels there are of each luma. */
function lumaHistogram({ width, height, data }: RgbImage): Uint32Array {
  const histogram = new Uint32Array(256)
  const row = new Float32Array(width)
  for (let y = 0; y < height; y++) {
    lumaOf(data, y * width * 3, width, row, 0)
    for (const luma of row) histogram[Math.round(luma)]++
  }
  return histogram
}

/** The value up to which there are so many pixels. */
function quantileOf(histogram: Uint32Array, pixels: number): number {
  let sum = 0
  return Math.max(
    0,
    histogram.findIndex((count) => {
      sum += count
      return sum >= pixels
    }),
  )
}
