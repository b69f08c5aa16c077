import { writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { checkDirectories } from '../../lib/image/directory-guard.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import { tiffOfPages } from '../hostile/file-parts.js'

const folder = t.testdir()
function save(name: string, content: Buffer): string {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}
const grey = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
  .tiff()
  .toBuffer()
const REFUSED = { code: 'damaged_image' }
/** A small file is read at once, a large one from the disk. */
const larger = (tiff: Buffer) => Buffer.concat([tiff, Buffer.alloc(2 ** 20)])

t.test('a TIFF of thousands of pages is refused before a decoder sees it', async (t) => {
  const tiff = tiffOfPages(grey, 3000)
  t.equal((await sharp(tiff).metadata()).pages, 3000, 'it is one')
  await t.rejects(openPhoto(save('small.tif', tiff)), REFUSED)
  await t.rejects(openPhoto(save('large.tif', larger(tiff))), REFUSED)
})

t.test('of a TIFF of a hundred pages the first is the photo', async (t) => {
  for (const [name, pages] of [
    ['one', 1],
    ['many', 100],
  ] as const) {
    const tiff = tiffOfPages(grey, pages)
    for (const content of [tiff, larger(tiff)]) {
      const photo = await openPhoto(save(`${name}.tif`, content))
      t.match(await photo.preview(64), { image: { width: 64, height: 48 } }, name)
    }
  }
})

/** Directories of no entry, one after another, in each kind of TIFF. */
function chain(kind: 'II*' | 'MM*' | 'II+' | 'MM+', directories: number, last = 0): Buffer {
  const [isLittle, isBig] = [kind.startsWith('II'), kind.endsWith('+')]
  const bytes = (value: number, size: number) => {
    const digits = Buffer.alloc(8)
    digits.writeBigUInt64BE(BigInt(value))
    const kept = digits.subarray(8 - size)
    return isLittle ? kept.reverse() : kept
  }
  const [place, count] = isBig ? [8, 8] : [4, 2]
  const start = 2 * place
  const head = [Buffer.from(kind.slice(0, 2)), bytes(isBig ? 43 : 42, 2)]
  if (isBig) head.push(bytes(8, 2), bytes(0, 2))
  const places = Array.from({ length: directories }, (_, i) => start + i * (count + place))
  const all = places.map((_, i) => Buffer.concat([bytes(0, count), bytes(places[i + 1] ?? last, place)]))
  return Buffer.concat([...head, bytes(start, place), ...all])
}

for (const kind of ['II*', 'MM*', 'II+', 'MM+'] as const) {
  t.test(`directories are counted in a TIFF that begins with ${kind}`, async (t) => {
    await t.resolves(checkDirectories(chain(kind, 200)))
    await t.rejects(checkDirectories(chain(kind, 201)), REFUSED)
    await t.rejects(checkDirectories(save('chain.tif', chain(kind, 201))), REFUSED)
    await t.rejects(checkDirectories(chain(kind, 1, 2 * (kind.endsWith('+') ? 8 : 4))), REFUSED, 'in a circle')
    for (const last of [2 ** 31, kind.endsWith('+') ? 2 ** 52 : 2 ** 32 - 1]) {
      await t.resolves(checkDirectories(chain(kind, 1, last)), 'beyond the end')
    }
    for (let length = 4; length < 24; length++) {
      await t.resolves(checkDirectories(chain(kind, 1).subarray(0, length)), `broken off after ${length} bytes`)
    }
  })
}
