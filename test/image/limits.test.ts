import { crc32 } from 'node:zlib'
import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import { makeBmp } from './bmp-files.js'
import { demoPhoto, jpegSegment, pictureFolder, plain } from './pictures.js'

type Resize = (width: number, height: number) => Buffer

/** For each format, a small image whose header is made to say another size. */
async function liars(): Promise<Record<string, Resize>> {
  const picture = () => plain([200, 120, 60])
  const jpeg = await picture().jpeg().toBuffer()
  const frame = jpegSegment(jpeg, (marker) => marker >= 0xc0 && marker <= 0xc2)
  const png = await picture().png().toBuffer()
  const gif = await picture().gif().toBuffer()
  const avif = await picture().avif({ effort: 0 }).toBuffer()
  const webp = await plain([200, 120, 60, 100]).webp().toBuffer()
  const tiff = await picture().tiff({ compression: 'none' }).toBuffer()
  const bmp = makeBmp(await demoPhoto(64), { bits: 24 })

  const patch = (original: Buffer, change: (copy: Buffer) => void) => {
    const copy = Buffer.from(original)
    change(copy)
    return copy
  }
  return {
    jpeg: (width, height) =>
      patch(jpeg, (copy) => {
        copy.writeUInt16BE(height, frame + 5)
        copy.writeUInt16BE(width, frame + 7)
      }),
    png: (width, height) =>
      patch(png, (copy) => {
        copy.writeUInt32BE(width, 16)
        copy.writeUInt32BE(height, 20)
        copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29)
      }),
    gif: (width, height) =>
      patch(gif, (copy) => {
        // Of the first frame: libnsgif goes by that.
        const frame = copy.indexOf(Buffer.from([0x2c, 0, 0, 0, 0]))
        copy.writeUInt16LE(width, frame + 5)
        copy.writeUInt16LE(height, frame + 7)
      }),
    avif: (width, height) =>
      patch(avif, (copy) => {
        const size = copy.indexOf('ispe') + 8
        copy.writeUInt32BE(width, size)
        copy.writeUInt32BE(height, size + 4)
      }),
    webp: (width, height) =>
      patch(webp, (copy) => {
        const size = copy.indexOf('VP8X') + 12
        copy.writeUIntLE((width - 1) & 0xffffff, size, 3)
        copy.writeUIntLE((height - 1) & 0xffffff, size + 3, 3)
      }),
    tiff: (width, height) =>
      patch(tiff, (copy) => {
        const directory = copy.readUInt32LE(4)
        for (let entry = directory + 2; entry < directory + 2 + copy.readUInt16LE(directory) * 12; entry += 12) {
          const tag = copy.readUInt16LE(entry)
          if (tag === 256) copy.writeUInt16LE(width, entry + 8)
          if (tag === 257) copy.writeUInt16LE(height, entry + 8)
        }
      }),
    bmp: (width, height) =>
      patch(Buffer.concat([bmp]), (copy) => {
        copy.writeInt32LE(width, 18)
        copy.writeInt32LE(height, 22)
      }),
  }
}

const made = await liars()

t.test('a photo that claims too many pixels is refused by its header, at once and with the numbers', async (t) => {
  const write = await pictureFolder(t)
  for (const format of ['jpeg', 'png', 'gif', 'avif', 'tiff']) {
    const path = await write('huge', made[format](30000, 30000))
    const started = process.cpuUsage()
    const most = format === 'avif' ? 20 : 50 // It takes more memory than others to decode.
    const message = new RegExp(`30000 x 30000 pixels \\(900 megapixels\\); at most ${most} megapixels`)
    await t.rejects(openPhoto(path), { code: 'too_many_pixels', message }, format)
    t.ok(process.cpuUsage(started).user < 500_000, `${format} took no time`)
  }
})

t.test('a photo that claims one endless row or column is refused', async (t) => {
  const write = await pictureFolder(t)
  for (const format of ['jpeg', 'png', 'gif', 'avif', 'tiff']) {
    const path = await write('long', made[format](1, 60000))
    await t.rejects(openPhoto(path), { code: 'too_many_pixels', message: /x 60000 pixels; at most 30000/ }, format)
  }
})

t.test('a photo that claims more than its data holds is damaged', async (t) => {
  const write = await pictureFolder(t)
  // A GIF's data may end before its frame does: the rest is transparent then.
  for (const format of ['jpeg', 'png', 'avif', 'webp', 'tiff', 'bmp']) {
    const path = await write('more', made[format](200, 200))
    await t.rejects(
      openPhoto(path).then((photo) => photo.preview(100)),
      { code: 'damaged_image' },
      format,
    )
  }
})

t.test('a photo without width or height is damaged', async (t) => {
  const write = await pictureFolder(t)
  for (const format of ['jpeg', 'png', 'avif', 'tiff', 'bmp']) {
    for (const [width, height] of [
      [0, 48],
      [64, 0],
      [0, 0],
    ]) {
      const path = await write('flat', made[format](width, height))
      await t.rejects(openPhoto(path), { code: 'damaged_image' }, `${format} ${width} x ${height}`)
    }
  }
})

t.test('the limits can be set, and hold for the photo as it is', async (t) => {
  const write = await pictureFolder(t)
  const path = await write('small.png', await plain([1, 2, 3], 100, 50).png().toBuffer())
  t.equal((await openPhoto(path, { maxPixels: 5000 })).width, 100)
  t.equal((await openPhoto(path, { maxSide: 100 })).width, 100)
  await t.rejects(openPhoto(path, { maxPixels: 4999 }), { code: 'too_many_pixels', message: /100 x 50/ })
  await t.rejects(openPhoto(path, { maxSide: 99 }), { code: 'too_many_pixels', message: /at most 99 pixels a side/ })
  const bmp = await write('small.bmp', makeBmp(await demoPhoto(64), { bits: 24 }))
  await t.rejects(openPhoto(bmp, { maxPixels: 1000 }), { code: 'too_many_pixels' })
})
