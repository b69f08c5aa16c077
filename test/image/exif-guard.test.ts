import t from 'tap'
import { checkExif } from '../../lib/image/exif-guard.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import { byteBox, pngChunk, tiffOf } from '../hostile/file-parts.js'
import { demoPhoto, fromPixels, pictureFolder } from './pictures.js'

const photo = await demoPhoto(240)
const EXIF_POINTER = 0x8769
/** 65 KB whose every entry leads back to the first. */
const maze = tiffOf(
  Array.from({ length: 5000 }, () => [EXIF_POINTER, 4, 1, 8] as const),
  8,
)

function withSegment(jpeg: Buffer, content: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)])
}

t.test('EXIF that leads in circles is refused at once, in every format that carries it', async (t) => {
  const write = await pictureFolder(t)
  const png = await fromPixels(photo).png().toBuffer()
  const webp = await fromPixels(photo).webp().toBuffer()
  const avif = await fromPixels(photo).avif({ effort: 0 }).toBuffer()
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), maze.subarray(0, 65_000)])
  const files = {
    jpeg: withSegment(await fromPixels(photo).jpeg().toBuffer(), exif),
    png: Buffer.concat([png.subarray(0, 33), pngChunk('eXIf', maze), png.subarray(33)]),
    webp: Buffer.concat([webp, Buffer.from('EXIF'), Buffer.alloc(4), maze]),
    avif: Buffer.concat([avif, byteBox('mdat', maze)]),
  }
  for (const [format, content] of Object.entries(files)) {
    const path = await write(format, content)
    const started = process.cpuUsage()
    await t.rejects(openPhoto(path), { name: 'FaceError', code: 'damaged_image' }, format)
    t.ok(process.cpuUsage(started).user < 500_000, `${format}: in no time`)
  }
})

t.test('a maze is found wherever in a long file it begins', async (t) => {
  const write = await pictureFolder(t)
  const MEGABYTE = 2 ** 20
  for (const at of [MEGABYTE - 4000, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE - 70_000]) {
    const path = await write('long', Buffer.concat([Buffer.alloc(at), maze, Buffer.alloc(MEGABYTE)]))
    await t.rejects(checkExif(path, 'jpeg'), { code: 'damaged_image' }, `at byte ${at}`)
  }
})

t.test('more EXIF blocks than any picture has are refused, however small', async (t) => {
  const write = await pictureFolder(t)
  const blocks = Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from('II*\0\x08\0\0\0', 'latin1')))
  await t.rejects(checkExif(await write('blocks', blocks), 'jpeg'), { code: 'damaged_image' })
})

t.test('EXIF as cameras write it is accepted, in either byte order', async (t) => {
  const write = await pictureFolder(t)
  const exif = { IFD0: { Make: 'Camera', Orientation: '6' }, IFD2: { FNumber: '2/1' }, IFD3: { GPSLatitudeRef: 'N' } }
  for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
    const content = await fromPixels(photo).withMetadata({ exif }).toFormat(format).toBuffer()
    const opened = await openPhoto(await write(format, content))
    t.ok(opened.width > 0, format)
  }
  const bigEndian = Buffer.from('MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\0', 'latin1')
  const jpeg = withSegment(
    await fromPixels(photo).jpeg().toBuffer(),
    Buffer.concat([Buffer.from('Exif\0\0'), bigEndian]),
  )
  t.equal((await openPhoto(await write('big-endian', jpeg))).width, photo.width)
})
