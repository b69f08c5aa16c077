import t from 'tap'
import { groupDoubles, maybeDoubles } from '../../lib/face/doubles.js'
import type { Point } from '../../lib/face/geometry.js'

const at = (x: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score: 1, aspect: 1 })

t.test('only boxes that overlap may be of one face', async (t) => {
  // Shifted by 6 of 10: overlap 40 / 160 = 0.25; by 9: 10 / 190 = 0.05.
  t.same(maybeDoubles([at(0), at(40), at(6), at(49)]), [at(0), at(6)])
  t.same(maybeDoubles([at(0)]), [])
})

/** A face whose eyes are 10 apart; only where they are tells. */
function faceAt(x: number): { points: Point[] } {
  return { points: Array.from({ length: 68 }, (_, i) => ({ x: x + (i >= 42 && i < 48 ? 10 : 0), y: 0 })) }
}

t.test('landmarks that lie on each other are of one face, those beside each other of two', async (t) => {
  const [face, double, neighbour] = [faceAt(0), faceAt(2), faceAt(6)]
  t.same(groupDoubles([face, neighbour, double]), [[face, double], [neighbour]])
})
