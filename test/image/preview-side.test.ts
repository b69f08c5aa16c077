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
  const time = async (side: number) => {
    await photo.preview(side)
    const before = process.cpuUsage()
    for (let i = 0; i < 3; i++) await photo.preview(side)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const [cheap, dear] = [await time(previewSide(4000, 800, 1024)), await time(1024)]
  t.ok(cheap < 0.8 * dear, `${cheap / dear} of the work`)
})
