import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import { kernels } from '../kernels/pixel-kernels.js'
import { lumaAt } from './luma.js'

/** Pixels as in an `RgbImage`, but of any numbers from 0 to 255. */
interface Picture {
  readonly width: number
  readonly height: number
  readonly data: ArrayLike<number>
}

interface FloatPicture extends Picture {
  readonly data: Float32Array
}

/** What each value of a colour, 0 to 255, becomes. */
type Tones = Uint8Array

/** How a picture is to be lit for its faces to show. */
export interface Lighting {
  /** For every colour, by luma. */
  readonly tones: Tones
  /** Where a picture is overexposed: what its blue becomes, which is half of every colour then. */
  readonly blue?: Tones
}

/** Shares of the pixels below and above which all is black and white. */
const BLACK = 0.001
const WHITE = 0.999
/** A mean luma outside of these is of a photo that is too dark or too bright: 4 % of the photos of LFW. */
const DARK = 60
const BRIGHT = 175
/** A range of luma, from the darkest to the brightest pixel, below which a photo is flat; of no photo of LFW. */
const FLAT = 100
/** Luma from which light and skin cannot be told apart any more, and the share of a face from which on it is overexposed. */
export const AS_GOOD_AS_WHITE = 250
const OVEREXPOSED = 0.1
/**
 * Half the axes of the middle of a photo, whose light counts, in its width and height. Beyond may be what belongs to no
 * photo: bars, or the corners of one that was turned, which reach as far as this where it is 4 : 3 and turned by 45 degrees.
 */
const MIDDLE = 0.3

/**
 * How a photo that is too dark, too bright or flat is to be lit for its faces to show.
 * @returns undefined where it is lit well
 */
export function evenLight(photo: RgbImage): Lighting | undefined {
  const { luma, blue } = countTones(photo)
  const total = sum(luma)
  const mean = luma.reduce((all, count, value) => all + count * value, 0) / total
  if (mean > BRIGHT) return { tones: evenTones(luma), blue: evenTones(blue) }
  const range = quantileOf(luma, total) - quantileOf(luma, 1)
  return mean < DARK || range < FLAT ? { tones: evenTones(luma) } : undefined
}

/**
 * How the chip of a face that is overexposed is to be lit. Skin is least bright in blue, so that its shades are cut off last
 * there; but only the other colours tell skin from hair and lips.
 * @param placed where its luma lies in the kernels' memory
 * @returns undefined for all other faces
 */
export function dimLight(chip: FloatPicture, placed: number): Lighting | undefined {
  if (!isOverexposed(chip, placed)) return undefined
  const { luma, blue } = countTones(chip)
  return { tones: evenTones(luma), blue: evenTones(blue) }
}

/** Asked of every chip, so that it counts nothing else. */
function isOverexposed({ width, height }: FloatPicture, placed: number): boolean {
  let [white, all] = [0, 0]
  for (let y = 0; y < height; y++) {
    const [left, right] = middleOfRow(y, width, height)
    all += right - left
    white += kernels.countFrom(AS_GOOD_AS_WHITE - 0.5, placed + 4 * (y * width + left), right - left)
  }
  return white > OVEREXPOSED * all
}

/** Lights pixels, three values each, and writes them to `out`, which may be the same. */
export function light(rgb: ArrayLike<number>, { tones, blue }: Lighting, out: Uint8Array | Float32Array): void {
  for (let i = 0; i < rgb.length; i += 3) {
    const shade = blue?.[Math.round(rgb[i + 2])]
    for (let colour = i; colour < i + 3; colour++) {
      const tone = tones[Math.round(rgb[colour])]
      out[colour] = shade === undefined ? tone : (tone + shade) / 2
    }
  }
}

/** A picture in another light. */
export function inLight(image: RgbImage, lighting: Lighting): RgbImage {
  const data = new Uint8Array(image.data.length)
  light(image.data, lighting, data)
  return { ...image, data }
}

/** A photo all of which is seen in another light. */
export class LitPhoto implements Photo {
  readonly format: Photo['format']
  readonly width: number
  readonly height: number

  constructor(
    private readonly photo: Photo,
    private readonly lighting: Lighting,
  ) {
    this.format = photo.format
    this.width = photo.width
    this.height = photo.height
  }

  async preview(maxSide: number) {
    const { image, scale } = await this.photo.preview(maxSide)
    return { image: inLight(image, this.lighting), scale }
  }

  async region(rect: Parameters<Photo['region']>[0]) {
    return inLight(await this.photo.region(rect), this.lighting)
  }
}

/**
 * Half way between the range of a histogram stretched and the histogram evened out. The first alone does not separate the
 * tones of an overexposed face, the second alone coarsens those of a dark one.
 */
function evenTones(histogram: Uint32Array): Tones {
  const total = sum(histogram)
  const [from, to] = [quantileOf(histogram, BLACK * total), quantileOf(histogram, WHITE * total)]
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

/** How many pixels there are of each luma, and of each blue, in the middle of a picture. */
function countTones({ width, height, data }: Picture): { readonly luma: Uint32Array; readonly blue: Uint32Array } {
  const [luma, blue] = [new Uint32Array(256), new Uint32Array(256)]
  for (let y = 0; y < height; y++) {
    const [left, right] = middleOfRow(y, width, height)
    for (let i = 3 * (y * width + left); i < 3 * (y * width + right); i += 3) {
      luma[Math.round(lumaAt(data, i))]++
      blue[Math.round(data[i + 2])]++
    }
  }
  return { luma, blue }
}

/** From where to where an ellipse around the centre lies in a row. */
function middleOfRow(y: number, width: number, height: number): readonly [number, number] {
  const off = (y + 0.5 - height / 2) / (MIDDLE * height)
  if (Math.abs(off) >= 1) return [0, 0]
  const half = MIDDLE * width * Math.sqrt(1 - off * off)
  return [Math.floor(width / 2 - half), Math.ceil(width / 2 + half)]
}

function sum(counts: Uint32Array): number {
  return counts.reduce((all, count) => all + count, 0)
}

/** The value up to which there are so many pixels. */
function quantileOf(histogram: Uint32Array, pixels: number): number {
  let below = 0
  return Math.max(
    0,
    histogram.findIndex((count) => {
      below += count
      return below >= pixels
    }),
  )
}
