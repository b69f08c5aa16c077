import sharp from 'sharp'
import t from 'tap'
import { FaceError } from '../../lib/errors.js'
import { detectFormat } from '../../lib/image/format.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { ImageFormat } from '../../lib/image/photo.js'
import { makeBmp } from './bmp-files.js'
import { demoPhoto, fromPixels, pictureFolder } from './pictures.js'

const photo = await demoPhoto(96)
const make = () => fromPixels(photo)
const files: Record<ImageFormat, Buffer> = {
  jpeg: await make().jpeg().toBuffer(),
  png: await make().png().toBuffer(),
  bmp: makeBmp(photo, { bits: 24 }),
  gif: await make().gif().toBuffer(),
  webp: await make().webp().toBuffer(),
  avif: await make().avif({ effort: 0 }).toBuffer(),
  tiff: await make().tiff({ compression: 'lzw' }).toBuffer(),
}

t.test('a photo in any accepted format is opened, whatever its name says', async (t) => {
  const write = await pictureFolder(t)
  for (const [format, content] of Object.entries(files)) {
    for (const name of [`photo.${format}`, 'photo.pdf', 'photo.jpg', 'photo']) {
      const opened = await openPhoto(await write(name, content))
      t.same([opened.format, opened.width, opened.height], [format, photo.width, photo.height], `${format} as ${name}`)
    }
  }
})

t.test('of an animation or a document of several pages, the first picture counts', async (t) => {
  const write = await pictureFolder(t)
  const frames = [await make().png().toBuffer(), await make().negate().png().toBuffer()]
  const animation = () => sharp(frames, { join: { animated: true } })
  for (const [name, content] of Object.entries({
    gif: await animation().gif().toBuffer(),
    webp: await animation().webp({ lossless: true }).toBuffer(),
    tiff: await animation().tiff({ compression: 'lzw' }).toBuffer(),
  })) {
    t.equal((await sharp(content).metadata()).pages, 2, `${name} has two pages`)
    const opened = await openPhoto(await write('animation', content))
    const { image } = await opened.preview(1000)
    t.same([opened.width, opened.height], [photo.width, photo.height], name)
    const sum = (data: Uint8Array) => data.reduce((total, value) => total + value, 0) / data.length
    t.ok(Math.abs(sum(image.data) - sum(photo.data)) < 3, `${name} shows the first frame, not its negative`)
  }
})

t.test('a file that is no accepted image is refused with the reason and the accepted formats', async (t) => {
  const write = await pictureFolder(t)
  const box = (brand: string) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1${brand}`, 'latin1')
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
  const refused: Record<string, [content: Buffer | string, appearance: RegExp]> = {
    'photo.jpg': ['This is not a photo at all. äöü €', /text/],
    'photo.png': [svg, /SVG/],
    'photo.tiff': [`<?xml version="1.0"?>\n${svg}`, /SVG/],
    'photo.pdf': ['%PDF-1.7\n1 0 obj', /PDF/],
    'photo.heic': [box('heic'), /HEIC/],
    'photo.avif': [box('mif1'), /HEIC/],
    'photo.bmp': ['BMW is a car, and this is a text about it that begins with BM', /only begins like a BMP/],
    'photo.psd': [Buffer.from('8BPS\0\x01\0\0\0\0\0\0', 'latin1'), /PSD/],
    'photo.gif': [Buffer.from([0, 1, 2, 3, 250, 251]), /unknown kind/],
    'photo.webp': [Buffer.alloc(5000), /unknown kind/],
    'photo.mp4': [box('isom'), /MP4/],
    'photo.zip': [Buffer.from('PK\x03\x04\x14\0\0\0\0\0', 'latin1'), /ZIP/],
    'photo.ppm': ['P6\n1 1\n255\nabc', /text|PPM/],
  }
  for (const [name, [content, appearance]] of Object.entries(refused)) {
    const error = await openPhoto(await write(name, content)).catch((error: unknown) => error)
    t.ok(error instanceof FaceError, name)
    t.match(error, { code: 'unsupported_image_format', message: appearance }, name)
    t.match(error, { message: /Accepted are JPEG, PNG, BMP, GIF, WebP, AVIF/ }, 'it says what is accepted')
    t.notMatch(error, { message: /facemetric-test/ }, 'it names no path')
  }
})

t.test('an empty file is called empty', async (t) => {
  const write = await pictureFolder(t)
  await t.rejects(openPhoto(await write('empty.jpg', '')), { name: 'FaceError', code: 'empty_file' })
})

t.test('a file that is not there is no fault of the photo', async (t) => {
  const write = await pictureFolder(t)
  // Longer than what is read at once.
  const path = await write('gone.jpg', Buffer.concat([files.jpeg, Buffer.alloc(2 ** 20)]))
  const { unlink } = await import('node:fs/promises')
  const opened = await openPhoto(path)
  await unlink(path)
  await t.rejects(opened.preview(100), { code: 'ENOENT' })
  await t.rejects(openPhoto(path), { code: 'ENOENT' })
})

t.test('a file that is two things at once is taken for the image it begins with, or refused', async (t) => {
  const write = await pictureFolder(t)
  const tail = Buffer.from('\n%PDF-1.7\n<script>alert(1)</script><svg xmlns="http://www.w3.org/2000/svg"/>PK\x03\x04')
  for (const [format, content] of Object.entries(files)) {
    const opened = await openPhoto(await write('polyglot', Buffer.concat([content, tail])))
    const { image } = await opened.preview(50)
    t.same([opened.format, image.width], [format, 50], `${format} with a document behind it`)
  }
  const hidden = Buffer.concat([Buffer.from('%PDF-1.7\nstream\n'), files.jpeg])
  await t.rejects(openPhoto(await write('hidden.jpg', hidden)), { code: 'unsupported_image_format' }, 'JPEG in a PDF')
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  for (const start of ['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n', 'GIF89a', 'II*\0']) {
    const mixed = Buffer.concat([Buffer.from(start, 'latin1'), svg])
    await t.rejects(openPhoto(await write('mixed', mixed)), { code: 'damaged_image' }, `SVG behind ${start}`)
  }
  const notAv1 = Buffer.from(files.avif)
  for (let at = notAv1.indexOf('av01'); at >= 0; at = notAv1.indexOf('av01')) notAv1.write('hvc1', at)
  await t.rejects(
    openPhoto(await write('photo.avif', notAv1)),
    { code: 'damaged_image' },
    'HEVC that calls itself AVIF',
  )
})

t.test('the decoder itself can load nothing but the accepted formats', async (t) => {
  const write = await pictureFolder(t)
  const svg = await write('a.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  const ppm = await write('a.ppm', 'P6\n1 1\n255\nabc')
  for (const path of [svg, ppm]) await t.rejects(sharp(path).metadata(), /unsupported image format/)
})

t.test('the format is known from a file that breaks off after its first bytes', async (t) => {
  const write = await pictureFolder(t)
  for (const [format, content] of Object.entries(files)) {
    t.equal(await detectFormat(await write('start', content.subarray(0, 64))), format)
  }
})
