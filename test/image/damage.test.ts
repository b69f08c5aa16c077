import { createHash } from 'node:crypto'
import sharp from 'sharp'
import t from 'tap'
import { FaceError } from '../../lib/errors.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import { makeBmp } from './bmp-files.js'
import { demoPhoto, fromPixels, jpegSegment, largestDifference, meanDifference, pictureFolder } from './pictures.js'

const photo = await demoPhoto(240)
const make = () => fromPixels(photo)
const files: Record<string, Buffer> = {
  'baseline JPEG': await make().jpeg().toBuffer(),
  'progressive JPEG': await make().jpeg({ progressive: true }).toBuffer(),
  PNG: await make().png().toBuffer(),
  'interlaced PNG': await make().png({ progressive: true }).toBuffer(),
  'palette PNG': await make().png({ palette: true }).toBuffer(),
  GIF: await make().gif().toBuffer(),
  'lossy WebP': await make().webp().toBuffer(),
  'lossless WebP': await make().webp({ lossless: true }).toBuffer(),
  AVIF: await make().avif({ effort: 0 }).toBuffer(),
  'raw TIFF': await make().tiff({ compression: 'none' }).toBuffer(),
  'tiled LZW TIFF': await make().tiff({ compression: 'lzw', tile: true }).toBuffer(),
  'JPEG TIFF': await make().tiff({ compression: 'jpeg' }).toBuffer(),
  'true-colour BMP': makeBmp(photo, { bits: 24 }),
  'palette BMP': makeBmp(photo, { bits: 8 }),
  'run-length BMP': makeBmp(photo, { bits: 8, runLength: true }),
}

/** Bytes at the end that hold no pixel: the end chunk of a PNG, the end mark of a GIF and of runs in a BMP. */
const END_MARK: Record<string, number> = {
  PNG: 12,
  'interlaced PNG': 12,
  'palette PNG': 12,
  GIF: 1,
  'run-length BMP': 2,
}

for (const [name, content] of Object.entries(files)) {
  t.test(`a ${name} that breaks off is an error wherever it does`, async (t) => {
    const write = await pictureFolder(t)
    const complete = await openPhoto(await write('complete', content))
    const pixels = content.length - (END_MARK[name] ?? 0)
    const cuts = [...Array.from({ length: 12 }, (_, i) => Math.floor(((i + 1) * pixels) / 13)), pixels - 9, pixels - 1]
    // 60 pixels: shrunk while it is decoded. 1000 pixels: as it is.
    for (const maxSide of [60, 1000]) {
      await complete.preview(maxSide)
      for (const cut of cuts) {
        const path = await write('cut', content.subarray(0, cut))
        const error: unknown = await openPhoto(path)
          .then((photo) => photo.preview(maxSide))
          .catch((error: unknown) => error)
        t.match(error, { name: 'FaceError', code: 'damaged_image' }, `${cut} of ${content.length} bytes, to ${maxSide}`)
        t.notMatch(error, { message: /facemetric-test|vips|seek/i }, 'it tells nothing of the inside')
      }
    }
    const whole = await complete.preview(1000)
    const unended = await (await openPhoto(await write('unended', content.subarray(0, pixels)))).preview(1000)
    t.equal(largestDifference(unended.image, whole.image), 0, 'every pixel counts, a missing end mark does not')
  })

  t.test(`the first few bytes of a ${name} are refused`, async (t) => {
    const write = await pictureFolder(t)
    for (const cut of [1, 2, 3, 4, 8, 12, 20, 30]) {
      await t.rejects(openPhoto(await write('cut', content.subarray(0, cut))), FaceError, `${cut} bytes`)
    }
  })
}

t.test('a region of a photo that breaks off before it is an error', async (t) => {
  const write = await pictureFolder(t)
  for (const [name, content] of Object.entries(files)) {
    const path = await write('cut', content.subarray(0, Math.floor(content.length * 0.6)))
    const region = openPhoto(path).then((cut) => cut.region({ left: 0, top: 0, width: 40, height: photo.height }))
    await t.rejects(region, { code: 'damaged_image' }, name)
  }
})

t.test('a photo with a hole in its data is an error where the format lets one see it', async (t) => {
  const write = await pictureFolder(t)
  // The same bytes every time: of one in eight such pieces by chance no JPEG decoder could tell that it is not the photo.
  const noise = Buffer.concat(Array.from({ length: 8 }, (_, i) => createHash('sha512').update(`hole ${i}`).digest()))
  for (const name of ['baseline JPEG', 'progressive JPEG', 'PNG', 'GIF', 'tiled LZW TIFF']) {
    for (const place of [0.3, 0.5, 0.8]) {
      const at = Math.floor(files[name].length * place)
      const without = Buffer.concat([files[name].subarray(0, at), files[name].subarray(at + 3000)])
      const overwritten = Buffer.concat([files[name].subarray(0, at), noise, files[name].subarray(at + noise.length)])
      for (const [damage, content] of Object.entries({ without, overwritten })) {
        const preview = openPhoto(await write('hole', content)).then((damaged) => damaged.preview(96))
        await t.rejects(preview, { code: 'damaged_image' }, `${name}, ${damage} at ${place}`)
      }
    }
  }
})

t.test('the odd JPEGs of some phones and webcams are read, as every viewer does', async (t) => {
  const write = await pictureFolder(t)
  const jpeg = files['baseline JPEG']
  const scan = jpegSegment(jpeg, (marker) => marker === 0xda)
  const samsung = Buffer.from(jpeg)
  const spectralEnd = scan + 2 + jpeg.readUInt16BE(scan + 2) - 2
  t.equal(samsung[spectralEnd], 63)
  samsung[spectralEnd] = 0
  const table = jpegSegment(jpeg, (marker) => marker === 0xc4)
  const stray = Buffer.concat([jpeg.subarray(0, table), Buffer.alloc(18), jpeg.subarray(table)])
  const padded = Buffer.concat([jpeg, Buffer.alloc(4096)])

  const { image: expected } = await (await openPhoto(await write('plain.jpg', jpeg))).preview(200)
  for (const [name, content] of Object.entries({ samsung, stray, padded })) {
    const opened = await openPhoto(await write('odd.jpg', content))
    t.equal(largestDifference((await opened.preview(200)).image, expected), 0, name)
    const region = await opened.region({ left: 5, top: 5, width: 30, height: 30 })
    t.equal(region.data.length, 30 * 30 * 3)
    const cut = await openPhoto(await write('cut.jpg', content.subarray(0, Math.floor(jpeg.length * 0.7))))
    await t.rejects(cut.preview(200), { code: 'damaged_image' }, `${name}, broken off`)
  }
  t.equal(
    await sharp(samsung)
      .toBuffer()
      .then(String, (error: Error) => error.message.includes('SOS')),
    true,
  )
})

t.test('a photo without damage is none', async (t) => {
  const write = await pictureFolder(t)
  for (const [name, content] of Object.entries(files)) {
    const { image, scale } = await (await openPhoto(await write('fine', content))).preview(1000)
    t.equal(scale, 1)
    t.ok(meanDifference(image, photo) < (/palette|run|GIF|CMYK/.test(name) ? 12 : 4), `${name} shows the photo`)
  }
})
