import t from 'tap'
import { fitCrowding } from '../../bench/crowding-fit.js'
import type { DescribedPhoto } from '../../bench/impostor-distances.js'
import { Random } from '../../bench/random.js'

const random = new Random(3)
const share = () => random.below(1e6) / 1e6

/** People along the first axis, ten times as far apart at its end as at its beginning. */
const photos: DescribedPhoto[] = Array.from({ length: 400 }, (_, i) => {
  const along = share()
  const spread = 0.1 + 0.9 * along
  return { person: `P${i}`, descriptor: Float32Array.of(along, spread * (share() - 0.5), spread * (share() - 0.5)) }
})

t.test('where people are farther apart the fit says so, and its mean is 0', async (t) => {
  const { middle, weights } = fitCrowding(photos)
  t.ok(weights[0] > 0.5 && Math.abs(weights[1]) < 0.2 && Math.abs(weights[2]) < 0.2, `${weights}`)
  const values = photos.map(({ descriptor }) =>
    weights.reduce((sum, weight, k) => sum + weight * descriptor[k], middle),
  )
  t.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length) < 1e-9)
})

t.test('somebody with many photos counts as much as anybody', async (t) => {
  const [often] = photos
  const { weights } = fitCrowding([...photos, ...Array<DescribedPhoto>(300).fill(often)])
  fitCrowding(photos).weights.forEach((weight, k) => {
    t.ok(Math.abs(weight - weights[k]) < 1e-6, `${weight} and ${weights[k]}`)
  })
})

t.test('too few people are refused', async (t) => {
  t.throws(() => fitCrowding(photos.slice(0, 20)), { message: '24 people are needed; this set has 20' })
})
