import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import { makeBmp } from './bmp-files.js'
import {
  crop,
  DEMO_PHOTO,
  demoPhoto,
  fromPixels,
  largestDifference,
  meanDifference,
  pictureFolder,
  plain,
} from './pictures.js'

t.test('a preview fits the side it is asked for and tells its scale', async (t) => {
  const photo = await openPhoto(DEMO_PHOTO)
  t.same([photo.format, photo.width, photo.height], ['jpeg', 1920, 1280])
  for (const maxSide of [64, 512, 1919]) {
    const { image, scale } = await photo.preview(maxSide)
    t.equal(image.width, maxSide)
    t.equal(image.height, Math.round((maxSide * 2) / 3))
    t.equal(image.data.length, image.width * image.height * 3)
    t.equal(scale, maxSide / 1920)
    const slow = await sharp(DEMO_PHOTO, { sequentialRead: false })
      .resize(maxSide, undefined, { fastShrinkOnLoad: false })
      .raw()
      .toBuffer()
    t.ok(meanDifference(image, { ...image, data: slow }) < 2, `${maxSide}: as a careful resize shows it`)
  }
})

t.test('a photo is never enlarged', async (t) => {
  const photo = await openPhoto(DEMO_PHOTO)
  for (const maxSide of [1920, 5000]) {
    const { image, scale } = await photo.preview(maxSide)
    t.same([image.width, image.height, scale], [1920, 1280, 1])
  }
})

t.test('a region equals that part of the whole photo, in every format', async (t) => {
  const write = await pictureFolder(t)
  const photo = await demoPhoto(500)
  const make = () => fromPixels(photo)
  for (const [name, content] of Object.entries({
    jpeg: await make().jpeg().toBuffer(),
    'progressive jpeg': await make().jpeg({ progressive: true }).toBuffer(),
    png: await make().png().toBuffer(),
    'interlaced png': await make().png({ progressive: true }).toBuffer(),
    gif: await make().gif().toBuffer(),
    webp: await make().webp().toBuffer(),
    avif: await make().avif({ effort: 0 }).toBuffer(),
    tiff: await make().tiff({ tile: true, compression: 'lzw' }).toBuffer(),
    bmp: makeBmp(photo, { bits: 24 }),
  })) {
    const opened = await openPhoto(await write('photo', content))
    const { image: whole } = await opened.preview(1000)
    for (const [left, top, width, height] of [
      [0, 0, 1, 1],
      [499, photo.height - 1, 1, 1],
      [17, 33, 150, 99],
      [350, 200, 150, photo.height - 200],
    ]) {
      const region = await opened.region({ left, top, width, height })
      const difference = largestDifference(region, crop(whole, left, top, width, height))
      t.equal(difference, 0, `${name}: ${width} x ${height} at (${left}, ${top})`)
    }
  }
})

t.test('a region must lie inside the photo', async (t) => {
  const write = await pictureFolder(t)
  const png = await openPhoto(await write('photo.png', await plain([1, 2, 3], 60, 40).png().toBuffer()))
  const bmp = await openPhoto(await write('photo.bmp', makeBmp(await demoPhoto(60), { bits: 24 })))
  for (const photo of [png, bmp]) {
    for (const [left, top, width, height] of [
      [-1, 0, 10, 10],
      [0, -1, 10, 10],
      [51, 0, 10, 10],
      [0, photo.height - 9, 10, 10],
      [0, 0, 0, 10],
      [0, 0, 10, -1],
      [0.5, 0, 10, 10],
      [0, 0, Number.NaN, 10],
    ]) {
      await t.rejects(
        photo.region({ left, top, width, height }),
        RangeError,
        `${width} x ${height} at (${left}, ${top})`,
      )
    }
  }
})

t.test('several photos and parts of them can be read at the same time', async (t) => {
  const photo = await openPhoto(DEMO_PHOTO)
  const rect = { left: 100, top: 200, width: 50, height: 50 }
  const [alone, ...others] = await Promise.all(Array.from({ length: 8 }, () => photo.region(rect)))
  for (const other of others) t.equal(largestDifference(other, alone), 0)
})

t.test('a file that was replaced by another photo shows the other photo', async (t) => {
  const write = await pictureFolder(t)
  const colours = [
    [200, 0, 0],
    [0, 200, 0],
  ]
  // Loading sharp by the other way turns the decoder's memory on, as another part of an app might.
  createRequire(import.meta.url)('sharp')
  for (const format of ['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'] as const) {
    for (const [channel, colour] of colours.entries()) {
      const path = await write(`photo.${format}`, await plain(colour).toFormat(format).toBuffer())
      const photo = await openPhoto(path)
      for (const { data } of [
        (await photo.preview(10)).image,
        await photo.region({ left: 0, top: 0, width: 9, height: 9 }),
      ])
        t.ok(data[channel] > 150 && data[1 - channel] < 60, `${format}, photo ${channel + 1}`)
    }
  }
})

t.test('a part of a large photo is read without holding the photo in memory', async (t) => {
  const write = await pictureFolder(t)
  const [width, height] = [6000, 5000]
  const large = await sharp({ create: { width, height, channels: 3, background: '#a86' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const path = await write('large.jpg', large)
  const script = `
    import { openPhoto } from ${JSON.stringify(new URL('../../lib/image/open-photo.js', import.meta.url).href)}
    const photo = await openPhoto(${JSON.stringify(path)})
    const before = process.memoryUsage.rss()
    let peak = before
    setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()) }, 2).unref()
    await photo.preview(512)
    await photo.region({ left: 100, top: 3000, width: 600, height: 600 })
    console.log((peak - before) / 2 ** 20)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  const megabytes = Number(stdout)
  const decoded = (width * height * 3) / 2 ** 20
  t.ok(
    megabytes > 0 && megabytes < decoded / 2,
    `${megabytes.toFixed(0)} MB more, of ${decoded.toFixed(0)} MB of pixels`,
  )
})
