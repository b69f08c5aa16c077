import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { Value } from 'typebox/value'
import { FaceError } from '../lib/errors.js'
import { createPooledFaceEngine } from '../lib/pool/pooled-face-engine.js'
import { falseMatchRateAt, readCalibration, thresholdForTries } from '../lib/verdict.js'
import { type Comparison, ComparisonSchema, type LiveResult, MOST_LIVE_IMAGES } from '../schemas/compare.js'
import { appWith, filesIn } from './compare-app.js'
import { formRequest, type Parts } from './forms.js'
import { writePortraits } from './portraits.js'
import { isInjectedProblem } from './problems.js'

t.setTimeout(120_000)
const portraits = await writePortraits()
t.teardown(() => portraits.remove())
const [anna, bert] = [0, 1].map((person) => portraits.path(person))
const made = async (name: string, photo: Sharp) => {
  const file = path.join(portraits.folder, name)
  await photo.toFile(file)
  return file
}
const annaAgain = await made('again.jpg', sharp(anna).rotate(9).modulate({ brightness: 1.2 }))
const annaBlurred = await made('blurred.jpg', sharp(anna).blur(2).rotate(-6))
const wall = await made('wall.png', sharp({ create: { width: 200, height: 200, channels: 3, background: 'grey' } }))
const torn = path.join(portraits.folder, 'torn.jpg')
writeFileSync(torn, readFileSync(bert).subarray(0, 3000))

// Two processes, so that the photos of a comparison are shared among them.
const pool = await createPooledFaceEngine({ runtime: 'onnx', workers: 2, timeout: 60 })
t.teardown(() => pool.close())
const calibration = await readCalibration()

/** The results of a reply, of which none is a problem. */
function answers({ results = [] }: Comparison) {
  return results.map((result) => {
    if ('problem' in result) throw new Error(result.problem.detail)
    return result
  })
}

t.test('each of several live photos has a result, and the rest of the reply is about the best', async (t) => {
  const lives = [bert, annaBlurred, wall, annaAgain, torn]
  const reply = await pool.compare(anna, lives)
  t.ok(Value.Check(ComparisonSchema, reply))
  t.equal(reply.results?.length, lives.length)
  t.match(reply.results, [
    { identical: false, live_image: { width: 250, face: {} } },
    { identical: true },
    { problem: { code: 'no_face', status: 422, field: 'live_image' } },
    { identical: true },
    { problem: { code: 'damaged_image', status: 422, field: 'live_image' } },
  ])
  const usable = (reply.results ?? []).filter(
    (result): result is Exclude<LiveResult, { problem: unknown }> => !('problem' in result),
  )
  const nearest = Math.min(...usable.map(({ distance }) => distance))
  t.equal(reply.distance, nearest)
  t.match(reply.results?.[reply.best ?? -1], {
    identical: reply.identical,
    distance: reply.distance,
    similarity: reply.similarity,
    live_image: reply.live_image,
  })
  t.ok(reply.identical)
})

t.test(
  'more tries are no greater chance for a stranger: the threshold falls, and the rate counts every try',
  async (t) => {
    const one = await pool.compare(anna, [bert])
    t.same(one, await pool.compare(anna, bert), 'a list of one is one live photo')
    t.notOk('results' in one || 'best' in one)

    const three = await pool.compare(anna, [bert, bert, bert])
    t.ok(three.threshold < one.threshold)
    t.ok(3 * falseMatchRateAt(calibration, three.threshold) <= falseMatchRateAt(calibration, one.threshold))
    const [first] = answers(three)
    t.equal(first.false_match_rate, one.false_match_rate, 'each result tells its own rate')
    t.equal(
      three.false_match_rate,
      Math.min(1, Number((3 * falseMatchRateAt(calibration, three.distance)).toPrecision(2))),
    )

    // As near as the threshold of one allows, but not that of all.
    const threshold = (one.distance + thresholdOfOne(one.distance, 2)) / 2
    t.equal((await pool.compare(anna, bert, { threshold })).identical, true)
    t.equal((await pool.compare(anna, [bert, bert], { threshold })).identical, false)
  },
)

/** A threshold of which no more than `distance` is left for each of several tries. */
function thresholdOfOne(distance: number, tries: number): number {
  let threshold = distance
  while (thresholdForTries(calibration, threshold, tries) <= distance) threshold += 1e-3
  return threshold
}

t.test('where no threshold was measured for so many, they are refused and told how many are accepted', async (t) => {
  const strict = { threshold: 0.311 } // 8.5e-6: two tries would need half of that, where the table ends at 5e-6.
  const refused = { name: 'FaceError', code: 'too_many_live_images', field: 'live_image' }
  await t.rejects(pool.compare(anna, [bert, bert], strict), { ...refused, message: /no more than 1 live image can/ })
  t.equal((await pool.compare(anna, annaAgain, strict)).threshold, 0.311)
  await t.rejects(pool.compare(anna, Array(MOST_LIVE_IMAGES + 1).fill(bert)), RangeError)
  await t.rejects(pool.compare(anna, []), RangeError)
})

t.test('if none of the live photos can be used, or the reference cannot, that is the error', async (t) => {
  const error = await pool.compare(anna, [wall, torn]).catch((refusal) => refusal)
  t.ok(error instanceof FaceError)
  t.match(error, {
    code: 'no_face',
    field: 'live_image',
    message: /^None of the 2 live images can be used. The first: No face/,
  })
  await t.rejects(pool.compare(wall, [anna, bert]), { code: 'no_face', field: 'reference_image' })
  t.equal((await pool.compare(anna, annaAgain)).identical, true, 'the processes go on')
})

t.test('a copy of the reference among the live photos does not log in', async (t) => {
  const careful = await createPooledFaceEngine({ runtime: 'onnx', workers: 1, timeout: 60, samePhoto: 'refuse' })
  t.teardown(() => careful.close())
  const reply = await careful.compare(anna, [bert, anna])
  t.match(reply, { identical: false, reason: 'same_photo', best: 1, same_photo: true })
  t.match(answers(reply), [{ same_photo: false }, { same_photo: true, reason: 'same_photo' }])
})

t.test('over HTTP, as a form and as JSON', async (t) => {
  const { app, tempDir } = appWith(t, pool, { maxFileBytes: 50_000 })
  const bytes = (file: string) => Uint8Array.from(readFileSync(file))
  const form = (lives: readonly string[]): Parts => [
    ...lives.slice(0, 1).map((file) => ['live_image', bytes(file)] as const),
    ['reference_image', bytes(anna)],
    ...lives.slice(1).map((file) => ['live_image', bytes(file)] as const),
  ]
  const json = (lives: readonly string[]) => ({
    method: 'POST' as const,
    url: '/compare',
    payload: {
      reference_image: readFileSync(anna, 'base64'),
      live_image: lives.map((file) => readFileSync(file, 'base64')),
    },
  })
  const lives = [wall, bert, annaAgain]
  const replies = [await app.inject(await formRequest(form(lives))), await app.inject(json(lives))]
  for (const reply of replies) {
    t.equal(reply.statusCode, 200, reply.body)
    t.same(reply.json(), await pool.compare(anna, lives), 'nothing is lost on the way')
    t.match(reply.json(), { identical: true, best: 2 })
  }
  const one = await app.inject(json([annaAgain]))
  t.same(one.json(), await pool.compare(anna, annaAgain))

  t.test('one photo too many is refused, and nothing is left behind', async (t) => {
    const many = Array(MOST_LIVE_IMAGES + 1).fill(bert)
    for (const reply of [await app.inject(await formRequest(form(many))), await app.inject(json(many))]) {
      const detail = isInjectedProblem(t, reply, 'too_many_live_images', 'live_image')
      t.match(detail, /more than 10 times/)
    }
    t.equal((await app.inject(json(many.slice(1)))).json().results.length, MOST_LIVE_IMAGES, 'ten are accepted')
    isInjectedProblem(t, await app.inject(json([])), 'missing_field', 'live_image')
    t.same(await filesIn(tempDir), [])
  })

  t.test('which of them is no photo is told', async (t) => {
    const reply = await app.inject(await formRequest([...form([bert]), ['live_image', Uint8Array.of(1, 2, 3)]]))
    t.match(isInjectedProblem(t, reply, 'unsupported_image_format', 'live_image'), /^live_image number 2: /)
  })

  t.same(
    readdirSync(tempDir, { recursive: true }).filter((name) => String(name).includes('live_image')),
    [],
  )
})
