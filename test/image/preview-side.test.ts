import { statSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { openPhoto } from '../../lib/image/open-photo.js'
import { previewSide } from '../../lib/image/preview-side.js'
import { demoPhoto, fromPixels, pictureFolder } from './pictures.js'

t.test('a phone’s photo is read at the smallest size that suffices, a small one as it is', async (t) => {
  const cases = [
    [250, 250],
    [1500, 1024],
    [2400, 800],
    [4000, 800],
    [4032, 806],
    [6000, 1024],
    [8160, 906],
    [30_000, 1024],
  ]
  for (const [longer, side] of cases) t.equal(previewSide(longer, 800, 1024), side, `${longer} pixels`)
})

t.test('a photo at that size takes much less work than at a little more', async (t) => {
  const write = await pictureFolder(t)
  const path = await write(
    'large.jpg',
    await fromPixels(await demoPhoto(1200))
      .resize(4000)
      .jpeg()
      .toBuffer(),
  )
  t.ok(statSync(path).size > 0 && (await sharp(path).metadata()).width === 4000)
  const photo = await openPhoto(path)
  // In turns, and the least of each: whatever else the machine does only ever adds to it.
  const sides = [previewSide(4000, 800, 1024), 1024]
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < 20; round++) {
    for (const [i, side] of sides.entries()) {
      const before = process.cpuUsage()
      await photo.preview(side)
      const { user, system } = process.cpuUsage(before)
      least[i] = Math.min(least[i], user + system)
    }
  }
  const [cheap, dear] = least
  t.ok(cheap < 0.9 * dear, `${cheap / dear} of the work`)
})
