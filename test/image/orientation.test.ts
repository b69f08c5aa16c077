import type { Sharp } from 'sharp'
import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { RgbImage } from '../../lib/image/rgb-image.js'
import { crop, demoPhoto, fromPixels, largestDifference, meanDifference, pictureFolder } from './pictures.js'

/** EXIF 2.3, tag 274: for orientation n + 1, where row 0 and where column 0 of the stored photo are seen. */
const ORIENTATIONS = [
  ['top', 'left'],
  ['top', 'right'],
  ['bottom', 'right'],
  ['bottom', 'left'],
  ['left', 'top'],
  ['right', 'top'],
  ['right', 'bottom'],
  ['left', 'bottom'],
] as const

/** The photo as a camera stores it that was held so that the tag says `orientation`. */
function asStored(upright: RgbImage, orientation: number): RgbImage {
  const [row0, column0] = ORIENTATIONS[orientation - 1]
  const turned = orientation >= 5
  const [width, height] = turned ? [upright.height, upright.width] : [upright.width, upright.height]
  const data = new Uint8Array(width * height * 3)
  const place = (side: string, distance: number, size: number) =>
    side === 'top' || side === 'left' ? distance : size - 1 - distance
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = turned ? place(row0, row, upright.width) : place(column0, column, upright.width)
      const y = turned ? place(column0, column, upright.height) : place(row0, row, upright.height)
      const from = (y * upright.width + x) * 3
      data.set(upright.data.subarray(from, from + 3), (row * width + column) * 3)
    }
  }
  return { width, height, data }
}

const upright = await demoPhoto(240)
const small = await fromPixels(upright).resize(60).raw().toBuffer({ resolveWithObject: true })
const smallUpright: RgbImage = { width: small.info.width, height: small.info.height, data: small.data }

const encoders: Record<string, { encode: (picture: Sharp) => Sharp; tolerance: number }> = {
  jpeg: { encode: (picture) => picture.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }), tolerance: 12 },
  png: { encode: (picture) => picture.png(), tolerance: 0 },
  webp: { encode: (picture) => picture.webp({ lossless: true }), tolerance: 0 },
  tiff: { encode: (picture) => picture.tiff({ compression: 'lzw' }), tolerance: 0 },
}

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  t.test(`a photo with EXIF orientation ${orientation} is upright in size, preview and region`, async (t) => {
    const write = await pictureFolder(t)
    const stored = asStored(upright, orientation)
    for (const [format, { encode, tolerance }] of Object.entries(encoders)) {
      const content = await encode(fromPixels(stored).withMetadata({ orientation })).toBuffer()
      const photo = await openPhoto(await write('photo', content))
      t.same([photo.width, photo.height], [upright.width, upright.height], `${format}: size`)

      const full = await photo.preview(1000)
      t.equal(full.scale, 1)
      t.ok(largestDifference(full.image, upright) <= tolerance, `${format}: at full size`)

      const preview = await photo.preview(60)
      t.equal(preview.scale, 0.25)
      t.ok(meanDifference(preview.image, smallUpright) < 2, `${format}: preview`)

      for (const [left, top, width, height] of [
        [0, 0, 30, 20],
        [211, 3, 29, 41],
        [10, upright.height - 50, 80, 50],
        [123, 45, 1, 1],
        [0, 0, upright.width, upright.height],
      ]) {
        const region = await photo.region({ left, top, width, height })
        const expected = crop(full.image, left, top, width, height)
        t.equal(largestDifference(region, expected), 0, `${format}: ${width} x ${height} at (${left}, ${top})`)
      }
    }
  })
}

t.test('an AVIF that was turned is upright, and a tag with no meaning is ignored', async (t) => {
  const write = await pictureFolder(t)
  const turned = fromPixels(asStored(upright, 6)).withMetadata({ orientation: 6 })
  const avif = await openPhoto(await write('photo.avif', await turned.avif({ quality: 90, effort: 0 }).toBuffer()))
  t.same([avif.width, avif.height], [upright.width, upright.height])
  t.ok(meanDifference((await avif.preview(1000)).image, upright) < 4)
  const region = await avif.region({ left: 20, top: 30, width: 60, height: 40 })
  t.ok(meanDifference(region, crop(upright, 20, 30, 60, 40)) < 6)

  const tagged = await fromPixels(upright).withMetadata({ orientation: 6 }).jpeg().toBuffer()
  const exif = tagged.indexOf('Exif\0\0') + 6
  const tag = tagged.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00, 0x01, 0, 0, 0]), exif)
  t.equal(tagged[tag + 8], 6)
  for (const nonsense of [0, 9, 200]) {
    tagged[tag + 8] = nonsense
    const photo = await openPhoto(await write('photo.jpg', tagged))
    t.same([photo.width, photo.height], [upright.width, upright.height], `orientation ${nonsense}`)
    t.equal((await photo.region({ left: 230, top: 0, width: 10, height: 10 })).width, 10)
  }
})
