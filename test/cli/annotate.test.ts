import { access } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { Value } from 'typebox/value'
import { layOut, overlaySvg } from '../../cli/compare/drawing-svg.js'
import { writeSamplePhotos } from '../../lib/sample-photos.js'
import { ComparisonSchema } from '../../schemas/compare.js'
import { demoPhotoPath } from '../real-faces.js'
import { formOf } from '../service.js'
import { startComparingService } from './comparing-service.js'
import { runCli } from './run-cli.js'

t.setTimeout(240_000)
const server = await startComparingService(t)
const folder = t.testdir()
const { reference, samePerson } = await writeSamplePhotos(folder)

t.test('--annotate writes a picture of both photos, and the answer stays the same', async (t) => {
  const file = path.join(folder, 'verdict.webp')
  const { code, stdout, stderr } = await runCli(['compare', reference, samePerson, '--annotate', file])
  t.equal(code, 0, stderr)
  t.match(stdout, /^Same person/)
  t.ok(stdout.endsWith(`\nThe drawing is in ${file}.\n`))
  const { format, width, height } = await sharp(file).metadata()
  t.match({ format, width, height }, { format: 'webp', width: 1352, height: 800 })
})

t.test('nothing is written where there is no answer', async (t) => {
  const file = path.join(folder, 'none.jpg')
  const group = demoPhotoPath(6)
  t.equal(
    (await runCli(['compare', reference, group, '--faces', 'single', '--annotate', file, '--server', server])).code,
    2,
  )
  await t.rejects(access(file), { code: 'ENOENT' })
})

t.test('where the drawing cannot be written the answer is printed all the same, and the file is named', async (t) => {
  const absent = path.join(folder, 'no', 'v.jpg')
  const args = ['compare', reference, samePerson, '--server', server]
  const { code, stdout, stderr } = await runCli([...args, '--annotate', absent])
  t.equal(code, 2)
  t.match(stdout, /^Same person: /)
  t.notMatch(stdout, 'The drawing is in')
  t.equal(stderr, `facemetric: cannot write the drawing ${absent}: there is no such folder\n`)

  const below = path.join(reference, 'v.png')
  const asJson = await runCli([...args, '--json', '--annotate', below])
  t.equal(asJson.code, 2)
  t.match(JSON.parse(asJson.stdout), { identical: true })
  t.match(asJson.stderr, `facemetric: cannot write the drawing ${below}: ENOTDIR`)
})

t.test('the drawing shows each face where it is, the verdict in words and by a sign', async (t) => {
  const body = formOf(reference, demoPhotoPath(5))
  const reply = await fetch(`${server}/compare`, { method: 'POST', body })
  const comparison = Value.Parse(ComparisonSchema, await reply.json())
  const layout = layOut([comparison.reference_image, comparison.live_image])
  const svg = overlaySvg(comparison, layout, true)
  const { x, y } = comparison.live_image.face.box
  t.match(
    svg,
    `<g transform="translate(${layout.places[1].left} ${layout.places[1].top}) scale(${layout.places[1].scale})">`,
  )
  t.match(svg, `<rect x="${x}" y="${y}"`)
  t.equal([...svg.matchAll(/<circle cx/g)].length, 10, 'five points in each photo')
  t.ok(comparison.live_image.others.length > 0, 'it is a group photo')
  t.equal([...svg.matchAll(/stroke-dasharray/g)].length, 2 * comparison.live_image.others.length)
  t.match(svg, 'Two different people</text>')
  t.match(svg, `distance ${Number(comparison.distance.toFixed(4))}, threshold`)
  t.notMatch(overlaySvg(comparison, layout, false), /<text/, 'without a font there are no words')
})

t.test('photos of any shape lie side by side within the picture', async (t) => {
  for (const photos of [
    [
      { width: 10, height: 4000 },
      { width: 4000, height: 10 },
    ],
    [
      { width: 64, height: 64 },
      { width: 6000, height: 4000 },
    ],
  ]) {
    const { width, height, places } = layOut(photos)
    for (const place of places) {
      t.ok(place.left >= 24 && place.left + place.width <= width - 24 && place.top + place.height <= height)
    }
    t.ok(places[0].left + places[0].width < places[1].left)
  }
})
