import t from 'tap'
import { Random } from '../../bench/random.js'
import { faceDistance } from '../../lib/face/crowding.js'
import { descriptorDistance } from '../../lib/face/descriptors.js'

const random = new Random(1)

function descriptor(): Float32Array {
  const values = Float32Array.from({ length: 128 }, () => random.below(2000) / 1000 - 1)
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

t.test('a face is at no distance from itself, and as far from another as the other from it', async (t) => {
  const [p, q] = [descriptor(), descriptor()]
  t.equal(faceDistance(p, p), 0)
  t.equal(faceDistance(p, q), faceDistance(q, p))
})

t.test('the distance is that of the descriptors, stretched by each of the two faces alike', async (t) => {
  const [p, q, r] = [descriptor(), descriptor(), descriptor()]
  const stretch = (x: Float32Array, y: Float32Array) => faceDistance(x, y) / descriptorDistance(x, y)
  // Each pair's factor is the product of one factor a face, so p-q times q-r over p-r leaves q's alone, squared.
  const own = Math.sqrt((stretch(p, q) * stretch(q, r)) / stretch(p, r))
  const again = Math.sqrt((stretch(q, r) * stretch(q, p)) / stretch(r, p))
  t.ok(Math.abs(own - again) < 1e-9)
  t.not(own, 1)
})

t.test('no two faces are farther apart than the largest distance', async (t) => {
  const p = descriptor()
  t.ok(
    faceDistance(
      p,
      p.map((value) => -value),
    ) <= 2,
  )
})
