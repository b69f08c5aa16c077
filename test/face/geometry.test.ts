import t, { type Test } from 'tap'
import {
  applySimilarity,
  boundingBox,
  composeSimilarities,
  fitSimilarity,
  intersectionOverUnion,
  invertSimilarity,
  type Point,
  squareToImage,
} from '../../lib/face/geometry.js'

function same(t: Test, found: Point, wanted: Point): void {
  t.ok(Math.hypot(found.x - wanted.x, found.y - wanted.y) < 1e-9, `${found.x},${found.y} is ${wanted.x},${wanted.y}`)
}

t.test('a similarity turns, scales and shifts a point', async (t) => {
  // A quarter turn clockwise on the screen, twice as large, shifted by (10, 20): (3, 4) -> (-8 + 10, 6 + 20).
  same(t, applySimilarity({ a: 0, b: 2, tx: 10, ty: 20 }, { x: 3, y: 4 }), { x: 2, y: 26 })
})

t.test('a similarity and its inverse cancel', async (t) => {
  const similarity = { a: 1.2, b: -0.7, tx: 5, ty: -9 }
  const back = invertSimilarity(similarity)
  same(t, applySimilarity(back, applySimilarity(similarity, { x: 17, y: -3 })), { x: 17, y: -3 })
  same(t, applySimilarity(composeSimilarities(similarity, back), { x: 17, y: -3 }), { x: 17, y: -3 })
})

t.test('the fit finds the very transform that moved the points', async (t) => {
  const from = [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 0, y: 3 },
  ]
  const moved = from.map((point) => applySimilarity({ a: 0, b: 2, tx: 10, ty: 20 }, point))
  const fit = fitSimilarity(from, moved)
  for (const [name, wanted] of Object.entries({ a: 0, b: 2, tx: 10, ty: 20 })) {
    t.ok(Math.abs(fit[name as keyof typeof fit] - wanted) < 1e-9, `${name} is ${wanted}`)
  }
})

t.test('where no similarity fits exactly, the fit has the least sum of squares', async (t) => {
  // The unit square's corners against a rectangle twice as wide: centred, a = (2 * 1 + 1 * 1) / 2 by symmetry.
  const from = [
    { x: -1, y: -1 },
    { x: 1, y: -1 },
    { x: 1, y: 1 },
    { x: -1, y: 1 },
  ]
  const to = from.map(({ x, y }) => ({ x: 2 * x, y }))
  const fit = fitSimilarity(from, to)
  t.ok(Math.abs(fit.a - 1.5) < 1e-12)
  t.ok(Math.abs(fit.b) < 1e-12)
})

t.test('points that all coincide have no fit, and that is said', async (t) => {
  const point = { x: 1, y: 1 }
  t.throws(() => fitSimilarity([point, point], [point, { x: 2, y: 2 }]), RangeError)
})

t.test('a turned square lies around its centre', async (t) => {
  const square = squareToImage({ x: 50, y: 40 }, 20, Math.PI / 2, 10)
  same(t, applySimilarity(square, { x: 5, y: 5 }), { x: 50, y: 40 })
  // The upper left corner, turned a quarter clockwise, is the upper right one.
  same(t, applySimilarity(square, { x: 0, y: 0 }), { x: 60, y: 30 })
})

t.test('boxes: bounding box and overlap', async (t) => {
  t.same(
    boundingBox([
      { x: 3, y: 8 },
      { x: -1, y: 9 },
      { x: 2, y: 4 },
    ]),
    { x: -1, y: 4, width: 4, height: 5 },
  )
  const box = { x: 0, y: 0, width: 2, height: 2 }
  t.equal(intersectionOverUnion(box, box), 1)
  t.equal(intersectionOverUnion(box, { x: 1, y: 0, width: 2, height: 2 }), 2 / 6)
  t.equal(intersectionOverUnion(box, { x: 2, y: 2, width: 2, height: 2 }), 0)
})
