import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import { asStored, type BmpOptions, makeBmp } from './bmp-files.js'
import { crop, demoPhoto, fromPixels, largestDifference, meanDifference, pictureFolder } from './pictures.js'

const photos = [await demoPhoto(61), await demoPhoto(64)]
const RGBA = [0xff0000, 0xff00, 0xff, 0xff000000]

const kinds: Record<string, BmpOptions> = {
  'Windows, 1 bit': { bits: 1 },
  'Windows, 2 bits': { bits: 2 },
  'Windows, 4 bits': { bits: 4 },
  'Windows, 8 bits': { bits: 8 },
  'Windows, 16 bits, 5-5-5': { bits: 16 },
  'Windows, 24 bits': { bits: 24 },
  'Windows, 32 bits': { bits: 32 },
  'Windows, RLE8': { bits: 8, runLength: true },
  'Windows, RLE4': { bits: 4, runLength: true },
  'Windows, 5-6-5': { bits: 16, masks: [0xf800, 0x7e0, 0x1f] },
  'Windows, 10-10-10': { bits: 32, masks: [0x3ff00000, 0xffc00, 0x3ff] },
  'Windows, red in the highest byte': { bits: 32, masks: [0xff000000, 0xff0000, 0xff00] },
  'OS/2 1, 1 bit': { bits: 1, header: 12 },
  'OS/2 1, 4 bits': { bits: 4, header: 12 },
  'OS/2 1, 8 bits': { bits: 8, header: 12 },
  'OS/2 1, 24 bits': { bits: 24, header: 12 },
  'OS/2 2, short header': { bits: 24, header: 16 },
  'OS/2 2, 8 bits': { bits: 8, header: 64 },
  'OS/2 2, 24 bits': { bits: 24, header: 64 },
  'V2, 5-6-5': { bits: 16, header: 52, masks: [0xf800, 0x7e0, 0x1f] },
  'V3, 32 bits': { bits: 32, header: 56, masks: RGBA },
  'V4, 4-4-4-4': { bits: 16, header: 108, masks: [0xf00, 0xf0, 0xf, 0xf000] },
  'V4, 8 bits': { bits: 8, header: 108 },
  'V5, 24 bits': { bits: 24, header: 124 },
  'V5, 32 bits': { bits: 32, header: 124, masks: RGBA },
  'top-down, 1 bit': { bits: 1, topDown: true },
  'top-down, 8 bits': { bits: 8, topDown: true },
  'top-down, 24 bits': { bits: 24, topDown: true },
  'top-down, 5-6-5': { bits: 16, topDown: true, masks: [0xf800, 0x7e0, 0x1f] },
  'with a gap before the pixels, 8 bits': { bits: 8, gap: 32 },
  'with a gap before the pixels, 24 bits': { bits: 24, gap: 100 },
  'without the number of colours': { bits: 8, coloursUnsaid: true },
}

t.test('every kind of BMP shows the photo that was stored in it', async (t) => {
  const write = await pictureFolder(t)
  for (const [name, options] of Object.entries(kinds)) {
    for (const photo of photos) {
      const opened = await openPhoto(await write('photo.bmp', makeBmp(photo, options)))
      const expected = asStored(photo, options)
      t.same([opened.format, opened.width, opened.height], ['bmp', photo.width, photo.height])
      const { image, scale } = await opened.preview(64)
      t.equal(largestDifference(image, expected), 0, `${name}, ${photo.width} pixels wide`)
      t.equal(scale, 1)
      const region = await opened.region({ left: 7, top: 5, width: 33, height: 21 })
      t.equal(largestDifference(region, crop(expected, 7, 5, 33, 21)), 0, `${name}, a region`)
    }
  }
})

t.test('a preview of a BMP is shrunk like that of any photo', async (t) => {
  const write = await pictureFolder(t)
  const photo = await demoPhoto(300)
  const bmp = await openPhoto(await write('photo.bmp', makeBmp(photo, { bits: 24 })))
  const png = await openPhoto(await write('photo.png', await fromPixels(photo).png().toBuffer()))
  const [fromBmp, fromPng] = [await bmp.preview(100), await png.preview(100)]
  t.equal(fromBmp.scale, fromPng.scale)
  t.equal(largestDifference(fromBmp.image, fromPng.image), 0)
})

t.test('a BMP that says its pixels are transparent is shown as it would be without', async (t) => {
  const write = await pictureFolder(t)
  const solid = makeBmp(photos[0], { bits: 32, header: 124, masks: RGBA })
  const clear = Buffer.from(solid)
  for (let alpha = 14 + 124 + 3; alpha < clear.length; alpha += 4) clear[alpha] = 0
  const { image } = await (await openPhoto(await write('clear.bmp', clear))).preview(100)
  t.equal(meanDifference(image, photos[0]), 0, 'many programs leave the alpha at 0 and mean nothing by it')
})

/** A 5 x 4 image in RLE8 with red as colour 0, green as 1 and blue as 2. */
function runs(encoded: number[]): Buffer {
  const head = makeBmp({ width: 5, height: 4, data: new Uint8Array(60) }, { bits: 8, runLength: true })
  const pixels = head.readUInt32LE(10)
  Buffer.from([0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0]).copy(head, 54)
  return Buffer.concat([head.subarray(0, pixels), Buffer.from(encoded)])
}

t.test('runs may skip pixels, which then have the first colour', async (t) => {
  const write = await pictureFolder(t)
  const content = runs([2, 1, 0, 0, 0, 2, 3, 1, 1, 2, 0, 1])
  const { image } = await (await openPhoto(await write('runs.bmp', content))).preview(10)
  const letters = Array.from({ length: 20 }, (_, i) => 'rgb'[image.data.subarray(i * 3, i * 3 + 3).indexOf(255)])
  t.equal(letters.join('').replace(/(.{5})/g, '$1 '), 'rrrrr rrrbr rrrrr ggrrr ')
})

t.test('runs that leave the image or never end are damage', async (t) => {
  const write = await pictureFolder(t)
  for (const [what, encoded] of Object.entries({
    'a run over the edge': [6, 1, 0, 1],
    'several over the edge': [0, 6, 1, 1, 1, 1, 1, 1, 0, 1],
    'a run below the last row': [0, 2, 0, 4, 1, 1, 0, 1],
    'a run beside the image': [0, 2, 5, 0, 1, 1, 0, 1],
    'no end': [5, 1, 0, 0, 5, 1],
    'half a command': [5, 1, 0, 0, 5],
    'a skip without a distance': [0, 2, 1],
    'fewer colours than announced': [0, 5, 1, 1],
  })) {
    const photo = await openPhoto(await write('runs.bmp', runs(encoded)))
    await t.rejects(photo.preview(10), { code: 'damaged_image' }, what)
  }
})

t.test('a BMP whose header makes no sense is refused before its pixels are read', async (t) => {
  const write = await pictureFolder(t)
  const base = makeBmp(photos[0], { bits: 24 })
  const v5 = makeBmp(photos[0], { bits: 32, header: 124, masks: RGBA })
  const patched = (original: Buffer, change: (copy: Buffer) => void) => {
    const copy = Buffer.from(original)
    change(copy)
    return copy
  }
  const cases: Record<string, [code: string, content: Buffer]> = {
    'a header of no known size': ['unsupported_image_format', patched(base, (copy) => copy.writeUInt32LE(41, 14))],
    '7 bits a pixel': ['damaged_image', patched(base, (copy) => copy.writeUInt16LE(7, 28))],
    '0 bits a pixel': ['damaged_image', patched(base, (copy) => copy.writeUInt16LE(0, 28))],
    'more bits than data': ['damaged_image', patched(base, (copy) => copy.writeUInt16LE(32, 28))],
    'unknown compression': ['damaged_image', patched(base, (copy) => copy.writeUInt32LE(99, 30))],
    'RLE8 with 24 bits': ['damaged_image', patched(base, (copy) => copy.writeUInt32LE(1, 30))],
    'a JPEG inside': ['damaged_image', patched(base, (copy) => copy.writeUInt32LE(4, 30))],
    'pixels behind the end': ['damaged_image', patched(base, (copy) => copy.writeUInt32LE(base.length, 10))],
    'pixels far away': ['damaged_image', patched(base, (copy) => copy.writeUInt32LE(0xffffffff, 10))],
    'pixels in the header': ['damaged_image', patched(base, (copy) => copy.writeUInt32LE(20, 10))],
    'negative width': ['damaged_image', patched(base, (copy) => copy.writeInt32LE(-61, 18))],
    'larger than its data': ['damaged_image', patched(base, (copy) => copy.writeInt32LE(620, 18))],
    'far too large': ['too_many_pixels', patched(runs([0, 1]), (copy) => copy.writeInt32LE(0x7fffffff, 18))],
    'far too high': ['too_many_pixels', patched(runs([0, 1]), (copy) => copy.writeInt32LE(-0x80000000, 22))],
    'a mask with a hole': ['damaged_image', patched(v5, (copy) => copy.writeUInt32LE(0xf0f000, 54))],
    'an empty mask': ['damaged_image', patched(v5, (copy) => copy.writeUInt32LE(0, 58))],
    'half a header': ['damaged_image', v5.subarray(0, 100)],
    'the first 17 bytes': ['unsupported_image_format', base.subarray(0, 17)],
  }
  for (const [what, [code, content]] of Object.entries(cases)) {
    await t.rejects(openPhoto(await write('bad.bmp', content)), { code }, what)
  }
})

t.test('a palette that is too short or oddly counted does no harm', async (t) => {
  const write = await pictureFolder(t)
  const content = makeBmp(photos[0], { bits: 8 })
  for (const colours of [1, 300, 0xffffffff]) {
    const copy = Buffer.from(content)
    copy.writeUInt32LE(colours, 46)
    const { image } = await (await openPhoto(await write('palette.bmp', copy))).preview(100)
    if (colours > 256) t.equal(largestDifference(image, asStored(photos[0], { bits: 8 })), 0, `${colours} colours`)
    else t.equal(Math.max(...image.data), 0, 'colours beyond the palette are black')
  }
})
