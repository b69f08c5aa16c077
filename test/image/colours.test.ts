import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import { demoPhoto, fromPixels, meanDifference, pictureFolder, plain } from './pictures.js'

const SKIN = [200, 150, 120]

/** 16 bits a channel, one colour all over. */
function deep(channels: readonly number[], space: 'rgb16' | 'grey16'): Sharp {
  const values = new Uint16Array(Array.from({ length: 64 * 48 }).flatMap(() => channels.map((value) => value * 257)))
  const raw = { width: 64, height: 48, channels: channels.length as 1 | 3 | 4 }
  return sharp(values, { raw }).toColourspace(space)
}

/** For each kind of colour: a file of it, the 8-bit sRGB it must become, and by how much it may differ. */
const kinds: Record<string, [file: Sharp, expected: number[], tolerance: number]> = {
  'colour JPEG': [plain(SKIN).jpeg({ quality: 100 }), SKIN, 2],
  'colour PNG': [plain(SKIN).png(), SKIN, 0],
  'palette PNG': [plain(SKIN).png({ palette: true }), SKIN, 1],
  'palette GIF': [plain(SKIN).gif(), SKIN, 1],
  'lossy WebP': [plain(SKIN).webp({ quality: 100 }), SKIN, 3],
  'colour AVIF': [plain(SKIN).avif({ quality: 100, effort: 0 }), SKIN, 3],
  'colour TIFF': [plain(SKIN).tiff({ compression: 'none' }), SKIN, 0],
  'grey JPEG': [plain([90]).toColourspace('b-w').jpeg({ quality: 100 }), [90, 90, 90], 1],
  'grey PNG': [plain([90]).toColourspace('b-w').png(), [90, 90, 90], 0],
  'grey AVIF': [plain([90]).toColourspace('b-w').avif({ effort: 0 }), [90, 90, 90], 2],
  'grey TIFF': [plain([90]).toColourspace('b-w').tiff({ compression: 'lzw' }), [90, 90, 90], 0],
  'black and white TIFF': [
    plain([255]).toColourspace('b-w').tiff({ bitdepth: 1, compression: 'ccittfax4' }),
    [255, 255, 255],
    0,
  ],
  '16-bit PNG': [deep(SKIN, 'rgb16').png(), SKIN, 1],
  '16-bit TIFF': [deep(SKIN, 'rgb16').tiff({ compression: 'none' }), SKIN, 1],
  '16-bit grey PNG': [deep([90], 'grey16').png(), [90, 90, 90], 1],
  '16-bit transparent PNG': [deep([...SKIN, 0], 'rgb16').png(), [255, 255, 255], 0],
  'Lab TIFF': [plain(SKIN).toColourspace('lab').tiff({ compression: 'none' }), SKIN, 2],
  'CMYK JPEG without a profile': [plain(SKIN).toColourspace('cmyk').jpeg({ quality: 100 }), SKIN, 8],
  'CMYK JPEG with a profile': [
    plain(SKIN).toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }),
    SKIN,
    12,
  ],
  'CMYK TIFF': [plain(SKIN).toColourspace('cmyk').tiff({ compression: 'none' }), SKIN, 8],
  'white CMYK JPEG': [plain([255, 255, 255]).toColourspace('cmyk').jpeg({ quality: 100 }), [255, 255, 255], 3],
  'Display P3 JPEG': [plain(SKIN).withIccProfile('p3').jpeg({ quality: 100 }), SKIN, 3],
  'Display P3 PNG': [plain(SKIN).withIccProfile('p3').png(), SKIN, 2],
  'Display P3 16-bit PNG': [deep(SKIN, 'rgb16').withIccProfile('p3').png(), SKIN, 2],
  'opaque PNG with alpha': [plain([...SKIN, 255]).png(), SKIN, 0],
  'transparent PNG': [plain([...SKIN, 0]).png(), [255, 255, 255], 0],
  'half transparent PNG': [plain([...SKIN, 128]).png(), [227, 202, 187], 1],
  'half transparent grey PNG': [plain([90, 128]).toColourspace('b-w').png(), [172, 172, 172], 1],
  'transparent GIF': [plain([...SKIN, 0]).gif(), [255, 255, 255], 0],
  'transparent WebP': [plain([...SKIN, 0]).webp({ lossless: true }), [255, 255, 255], 0],
  'half transparent AVIF': [plain([...SKIN, 128]).avif({ quality: 100, effort: 0 }), [227, 202, 187], 3],
  'half transparent TIFF': [plain([...SKIN, 128]).tiff({ compression: 'lzw' }), [227, 202, 187], 1],
}

t.test('whatever its colours, a photo becomes 8-bit sRGB, transparent parts white', async (t) => {
  const write = await pictureFolder(t)
  for (const [name, [file, expected, tolerance]] of Object.entries(kinds)) {
    const photo = await openPhoto(await write('photo', await file.toBuffer()))
    const pictures = {
      'at full size': (await photo.preview(64)).image,
      shrunk: (await photo.preview(16)).image,
      'a region': await photo.region({ left: 20, top: 10, width: 8, height: 6 }),
    }
    t.same(pictures.shrunk, { width: 16, height: 12, data: pictures.shrunk.data })
    for (const [what, { width, height, data }] of Object.entries(pictures)) {
      t.equal(data.length, width * height * 3, `${name}, ${what}: three bytes a pixel`)
      const furthest = data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i % 3])), 0)
      t.ok(furthest <= tolerance, `${name}, ${what}: ${data.subarray(0, 3)} for ${expected}`)
    }
  }
})

t.test('a real photo looks the same in every kind of colour', async (t) => {
  const write = await pictureFolder(t)
  const photo = await demoPhoto(320)
  const files: [name: string, file: Sharp, expected: Uint8Array, tolerance: number][] = [
    ['CMYK', fromPixels(photo).toColourspace('cmyk').jpeg({ quality: 95 }), photo.data, 14],
    ['Display P3', fromPixels(photo).withIccProfile('p3').jpeg({ quality: 95 }), photo.data, 3],
    ['16 bits', fromPixels(photo).toColourspace('rgb16').png(), photo.data, 1],
    ['grey', fromPixels(photo).toColourspace('b-w').png(), greyscale(photo.data), 6],
  ]
  for (const [name, file, data, tolerance] of files) {
    const { image } = await (await openPhoto(await write('photo', await file.toBuffer()))).preview(1000)
    const difference = meanDifference(image, { ...photo, data })
    t.ok(difference < tolerance, `${name}: ${difference.toFixed(1)} of 255 away`)
  }
})

/** Rec. 709 luma, near enough to tell a grey photo from a wrong one. */
function greyscale(rgb: Uint8Array): Uint8Array {
  return rgb.map((_, i) => {
    const pixel = i - (i % 3)
    return Math.round(0.2126 * rgb[pixel] + 0.7152 * rgb[pixel + 1] + 0.0722 * rgb[pixel + 2])
  })
}
