import t from 'tap'
import { suppressNonMaxima } from '../../lib/face/non-maximum-suppression.js'

const at = (x: number, score: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score, aspect: 1 })

t.test('of boxes over the same face the surest stays, another face keeps its own', async (t) => {
  // Shifted by 2 of 10: overlap 80 / 120 = 0.67, the same face. Shifted by 5: 50 / 150 = 0.33, another one.
  t.same(suppressNonMaxima([at(2, 0.7), at(0, 0.9), at(5, 0.8), at(50, 0.6)]), [at(0, 0.9), at(5, 0.8), at(50, 0.6)])
})

t.test('no boxes, no faces', async (t) => {
  t.same(suppressNonMaxima([]), [])
})
