import t from 'tap'
import { bestPair } from '../../lib/face/best-pair.js'
import { faceDistance } from '../../lib/face/crowding.js'
import type { FaceMeasures } from '../../lib/face/face-measures.js'
import { stretchOf } from '../../lib/face/shared-flaws.js'

const good: FaceMeasures = {
  eye_distance: 60,
  sharpness: 0.14,
  overexposed: 0,
  visible: 1,
  yaw: 0,
  pitch: 0,
  shift: 0,
  symmetry: 0.99,
}
const POOR = {
  noisy: { ...good, sharpness: 0.8 },
  blurred: { ...good, sharpness: 0.02 },
  'too bright': { ...good, overexposed: 0.7 },
  unclear: { ...good, shift: 1 },
}

t.test('with a good photo distances stay as they are, however poor the other is', async (t) => {
  t.equal(stretchOf(good, good), 1)
  for (const poor of Object.values(POOR)) {
    t.equal(stretchOf(good, poor), 1)
    t.equal(stretchOf(poor, good), 1)
  }
})

t.test('two faces with the same flaw are counted as farther apart, by the flaw of the better one', async (t) => {
  for (const [flaw, poor] of Object.entries(POOR)) t.ok(stretchOf(poor, poor) > 1.1, flaw)
  const [slightly, very] = [0.4, 1.2].map((sharpness) => ({ ...good, sharpness }))
  t.equal(stretchOf(slightly, very), stretchOf(very, slightly))
  t.equal(stretchOf(slightly, very), stretchOf(slightly, slightly))
  t.ok(stretchOf(very, very) > stretchOf(slightly, slightly))
})

t.test('flaws that only one face has do not count, and two that both have count more than one', async (t) => {
  t.equal(stretchOf(POOR.noisy, POOR.blurred), 1)
  const both = { ...POOR.noisy, overexposed: 0.7 }
  t.ok(stretchOf(both, both) > stretchOf(POOR.noisy, POOR.noisy))
})

t.test('there is no cliff: a little more of a flaw changes a distance a little', async (t) => {
  for (const sharpness of [0.07, 0.25, 0.5]) {
    const [less, more] = [sharpness - 1e-3, sharpness + 1e-3].map((value) => ({ ...good, sharpness: value }))
    t.ok(Math.abs(stretchOf(less, less) - stretchOf(more, more)) < 0.01)
  }
})

t.test('the best pair is that of the faces nearest after flaws they share are counted', async (t) => {
  const at = (angle: number) =>
    Float32Array.from({ length: 128 }, (_, i) => (i === 0 ? Math.cos(angle) : i === 1 ? Math.sin(angle) : 0))
  const reference = { descriptor: at(0), measures: POOR.noisy }
  const noisy = { descriptor: at(0.4), measures: POOR.noisy }
  const clear = { descriptor: at(0.4), measures: good }
  const { pair, distance, stretch } = bestPair([reference], [noisy, clear])
  t.equal(pair[1], clear)
  t.equal(distance, faceDistance(reference.descriptor, clear.descriptor))
  t.equal(stretch, 1)
})
