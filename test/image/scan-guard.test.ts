import { writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import { jpegSegments } from '../hostile/file-parts.js'
import { jpegOfScans } from '../hostile/jpeg-of-scans.js'

const folder = t.testdir()
function save(name: string, content: Buffer): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}
const grey = sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
/** More than is held in memory, and full of what is a scan where it is not in a segment; not a whole number of pieces. */
const padded = (jpeg: Buffer) => jpegSegments(jpeg, 0xed, Buffer.alloc(60_001, Buffer.from([0xff, 0xda])), 40)

t.test('a JPEG of hundreds of scans is refused before a decoder sees it', async (t) => {
  const jpeg = jpegOfScans(64)
  t.equal((await sharp(jpeg).metadata()).isProgressive, true, 'it is one')
  await t.rejects(openPhoto(save('small.jpg', jpeg)), { code: 'damaged_image' })
  await t.rejects(openPhoto(save('large.jpg', padded(jpeg))), { code: 'damaged_image' })
})

t.test('photos that come in scans, or hold other pictures, are opened', async (t) => {
  for (const options of [{ progressive: true }, { mozjpeg: true }, { progressive: false }]) {
    const jpeg = await grey.clone().jpeg(options).toBuffer()
    for (const [name, content] of [
      ['plain.jpg', jpeg],
      ['padded.jpg', padded(jpeg)],
      ['followed.jpg', Buffer.concat([jpeg, jpegOfScans(64)])],
    ] as const) {
      const photo = await openPhoto(save(name, content))
      t.equal((await photo.preview(64)).image.width, 64, name)
    }
  }
})
