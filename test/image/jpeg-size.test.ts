import sharp from 'sharp'
import t from 'tap'
import { SEGMENT, segmentsOf } from '../../lib/image/jpeg-segments.js'
import { plainJpegSize } from '../../lib/image/jpeg-size.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import { demoPhoto, fromPixels, pictureFolder } from './pictures.js'

const make = async () => fromPixels(await demoPhoto(300))

t.test('the size of an ordinary JPEG is read from its header', async (t) => {
  for (const options of [{}, { progressive: true }, { mozjpeg: true }, { chromaSubsampling: '4:4:4' }]) {
    const { data, info } = await (await make()).jpeg(options).toBuffer({ resolveWithObject: true })
    t.same(plainJpegSize(data), { width: info.width, height: info.height }, JSON.stringify(options))
  }
  const withProfile = await (await make()).keepIccProfile().withIccProfile('p3').jpeg().toBuffer()
  t.same(plainJpegSize(withProfile), { width: 300, height: 200 }, 'with segments before it')
})

t.test('what may be turned or is out of the ordinary is left to the decoder', async (t) => {
  const jpeg = await (await make()).jpeg().toBuffer()
  const turned = await (await make())
    .withExif({ IFD0: { Orientation: '6' } })
    .jpeg()
    .toBuffer()
  t.equal(plainJpegSize(turned), undefined, 'EXIF')
  t.equal(
    plainJpegSize(exifAfterFrame(turned)),
    undefined,
    'EXIF behind the frame, by which decoders turn it all the same',
  )
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const changed = (change: (copy: Buffer) => void) => {
    const copy = Buffer.from(jpeg)
    change(copy)
    return plainJpegSize(copy)
  }
  t.equal(
    changed((copy) => copy.writeUInt16BE(0, frame + 5)),
    undefined,
    'a height that is told at the end of the picture',
  )
  t.equal(
    changed((copy) => copy.fill(0, frame, frame + 1)),
    undefined,
    'bytes between segments',
  )
  for (let length = 0; length < frame + 9; length++) t.equal(plainJpegSize(jpeg.subarray(0, length)), undefined)
  t.equal(plainJpegSize(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(20, 0xff)])), undefined)
})

t.test('a header that tells of fewer pixels than there are gets nobody past the limits', async (t) => {
  const write = await pictureFolder(t)
  const large = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: 'grey' } })
    .jpeg()
    .toBuffer()
  // A second header after the first: which of them counts is the decoder's choice.
  const small = await (await make()).jpeg().toBuffer()
  const frame = small.indexOf(Buffer.from([0xff, 0xc0]))
  const header = small.subarray(frame, frame + 2 + small.readUInt16BE(frame + 2))
  const path = await write('two-headers.jpg', Buffer.concat([large.subarray(0, 2), header, large.subarray(2)]))
  const preview = openPhoto(path, { maxPixels: 1_000_000 }).then((photo) => photo.preview(1024))
  await t.rejects(preview, { code: 'damaged_image' })
})

/** The same file with its EXIF moved to where the picture begins. */
function exifAfterFrame(content: Buffer): Buffer {
  const segments = [...segmentsOf(content)]
  const exif = segments.find(({ marker }) => marker === SEGMENT.exif)!
  const scan = segments.at(-1)!
  const [exifFrom, scanFrom] = [exif, scan].map(({ end, body }) => end - body.length - 4)
  return Buffer.concat([
    content.subarray(0, exifFrom),
    content.subarray(exif.end, scanFrom),
    content.subarray(exifFrom, exif.end),
    content.subarray(scanFrom),
  ])
}
