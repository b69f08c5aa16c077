import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Sharp } from 'sharp'
import t, { type Test } from 'tap'
import { photoStem, readPairs } from '../../bench/lfw-pairs.js'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import type { LoadedFaceEngine } from '../../lib/face-engine.js'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { RUNTIME_NAMES } from '../../lib/runtime/face-networks.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'

t.setTimeout(280_000)

/** How far the distances of two runtimes may be apart: a fortieth of what the threshold moves for ten times fewer errors. */
const TOLERANCE = 1e-3
/** Enough for each zoom and each variation, and each person but a few. */
const PAIRS = 12
/** Of labelled photos, where they are: as many of the same person as of two. */
const LFW_PAIRS = 10

const engines: LoadedFaceEngine[] = []
for (const runtime of RUNTIME_NAMES) {
  try {
    engines.push(await createFaceEngine({ runtime, precision: 'fp32' }))
  } catch (error) {
    t.comment(`not compared: ${error instanceof Error ? error.message : error}`)
  }
}
t.teardown(() => Promise.all(engines.map((engine) => engine.close())))

/** What every runtime that loads says of two photos. */
async function compareOnAll(reference: string, live: string) {
  const replies = []
  for (const engine of engines) replies.push(await engine.compare(reference, live))
  return replies
}

const VARIATIONS: ((photo: Sharp) => Sharp)[] = [
  (photo) => photo,
  (photo) => photo.resize(180),
  (photo) => photo.modulate({ brightness: 1.2 }),
  (photo) => photo.greyscale(),
  (photo) => photo.rotate(12),
  (photo) => photo.blur(2),
  (photo) => photo.flop(),
]
const ZOOMS = [1.6, 2, 3]

/** The n-th photo: each person, each zoom and each variation meets every other sooner or later. */
async function writePhoto(folder: string, n: number): Promise<string> {
  const file = path.join(folder, `${n}.jpg`)
  const photo = await facePhoto(REAL_FACES[n % REAL_FACES.length], ZOOMS[n % ZOOMS.length])
  await VARIATIONS[n % VARIATIONS.length](photo).jpeg().toFile(file)
  return file
}

t.test(`every runtime measures the same distances in ${PAIRS} pairs`, async (t) => {
  t.ok(engines.length >= 2, engines.map(({ description }) => description).join(', '))
  const folder = t.testdir({})
  for (let pair = 0; pair < PAIRS; pair++) {
    // Every other pair shows one person twice.
    const second = pair % 2 === 0 ? pair + REAL_FACES.length : pair + 1
    const replies = await compareOnAll(await writePhoto(folder, pair), await writePhoto(folder, second))
    isTheSame(t, `pair ${pair}`, replies)
  }
})

const lfw = process.env.FACEMETRIC_TEST_LFW ?? path.join(PACKAGE_ROOT, '..', 'shared', 'faces', 'lfw-dev')
const skip = !existsSync(path.join(lfw, 'pairs.txt')) && 'no labelled photos (FACEMETRIC_TEST_LFW names their folder)'
t.test('every runtime gives the same verdicts on labelled photos', { skip }, async (t) => {
  const { pairs } = await readPairs(path.join(lfw, 'pairs.txt'))
  const some = [true, false].flatMap((same) => pairs.filter((pair) => pair.same === same).slice(0, LFW_PAIRS / 2))
  t.equal(some.length, LFW_PAIRS)
  for (const { first, second } of some) {
    const [reference, live] = [first, second].map((photo) => path.join(lfw, `${photoStem(photo)}.jpg`))
    isTheSame(t, `${photoStem(first)} and ${photoStem(second)}`, await compareOnAll(reference, live))
  }
})

function isTheSame(t: Test, pair: string, replies: readonly { distance: number; identical: boolean }[]): void {
  const distances = replies.map(({ distance }) => distance)
  t.ok(Math.max(...distances) - Math.min(...distances) < TOLERANCE, `${pair}: ${distances.join(', ')}`)
  t.equal(new Set(replies.map(({ identical }) => identical)).size, 1, `${pair}: one verdict`)
}
