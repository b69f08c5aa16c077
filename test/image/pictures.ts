import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { Random } from '../../bench/random.js'
import type { RgbImage } from '../../lib/image/rgb-image.js'

/** A real photo, 1920 x 1280 pixels, of a group of people. */
export const DEMO_PHOTO = createRequire(import.meta.url).resolve('@vladmandic/face-api/demo/sample1.jpg')

/** The demo photo shrunk to `width` pixels, as a lossless start for whatever a test makes of it. */
export async function demoPhoto(width: number): Promise<RgbImage> {
  const { data, info } = await sharp(DEMO_PHOTO).resize(width).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

export function fromPixels({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** One colour all over; `channels` are 8-bit grey, grey and alpha, RGB, or RGB and alpha. */
export function plain(channels: readonly number[], width = 64, height = 48): Sharp {
  const data = Buffer.from(Array.from({ length: width * height }).flatMap(() => channels))
  return sharp(data, { raw: { width, height, channels: channels.length as 1 | 2 | 3 | 4 } })
}

/** Noise around grey, the same for the same seed: what chance would make of it must not decide a test. `sigma` is 0-255. */
export function gaussianNoise(seed: number, width: number, height: number, sigma: number): RgbImage {
  const random = new Random(seed)
  const uniform = () => (random.below(2 ** 30) + 1) / 2 ** 30
  // Box and Muller, A note on the generation of random normal deviates (1958).
  const deviate = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const data = Uint8ClampedArray.from({ length: width * height * 3 }, () => 128 + sigma * deviate())
  return { width, height, data: new Uint8Array(data.buffer) }
}

/** A folder for a test's files, and a function that writes one there and returns its path. */
export async function pictureFolder(t: { after(fn: () => Promise<void>): void }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
  t.after(() => rm(folder, { recursive: true }))
  return async (name: string, content: Uint8Array | string): Promise<string> => {
    const file = path.join(folder, name)
    await writeFile(file, content)
    return file
  }
}

/** The part of an image that a region must equal. */
export function crop(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3
    data.set(image.data.subarray(from, from + width * 3), y * width * 3)
  }
  return { width, height, data }
}

/** The largest difference of two values at the same place, 0 to 255; Infinity if the sizes differ. */
export function largestDifference(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height || a.data.length !== b.data.length) return Number.POSITIVE_INFINITY
  return a.data.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b.data[i])), 0)
}

/** The mean difference of two values at the same place, 0 to 255; Infinity if the sizes differ. */
export function meanDifference(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height || a.data.length !== b.data.length) return Number.POSITIVE_INFINITY
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length
}

/** Where in a JPEG the segment with this marker begins (at its 0xff). */
export function jpegSegment(jpeg: Buffer, isWanted: (marker: number) => boolean): number {
  let at = 2
  while (!isWanted(jpeg[at + 1])) at += 2 + jpeg.readUInt16BE(at + 2)
  return at
}
