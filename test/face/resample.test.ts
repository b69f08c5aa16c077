import t from 'tap'
import { fitIntoSquare } from '../../lib/face/fit-into-square.js'
import { sampleSquare, shrinkByWholeFactor } from '../../lib/face/resample.js'

/** A grey image from rows of values. */
function grey(rows: number[][]) {
  return {
    width: rows[0].length,
    height: rows.length,
    data: Uint8Array.from(rows.flat().flatMap((value) => [value, value, value])),
  }
}

/** The red channel as rows, rounded to a tenth. */
function rowsOf(pixels: Float32Array, size: number): number[][] {
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => Math.round(pixels[3 * (y * size + x)] * 10) / 10),
  )
}

t.test('the detector input of a wide photo: area means at the top, zeros below', async (t) => {
  const out = new Float32Array(2 * 2 * 3).fill(7)
  fitIntoSquare(
    grey([
      [0, 100, 200, 100],
      [100, 200, 0, 100],
    ]),
    2,
    out,
  )
  t.same(rowsOf(out, 2), [
    [100, 100],
    [0, 0],
  ])
})

t.test('a factor that is not whole weighs the pixels it cuts', async (t) => {
  const out = new Float32Array(2 * 2 * 3)
  fitIntoSquare(
    grey([
      [0, 90, 180],
      [0, 90, 180],
      [0, 90, 180],
    ]),
    2,
    out,
  )
  // 1.5 source pixels each: (0 + 45) / 1.5 and (45 + 180) / 1.5.
  t.same(rowsOf(out, 2), [
    [30, 150],
    [30, 150],
  ])
})

t.test('a photo smaller than the detector input is enlarged by linear interpolation', async (t) => {
  const out = new Float32Array(4 * 4 * 3)
  fitIntoSquare(
    grey([
      [0, 100],
      [0, 100],
    ]),
    4,
    out,
  )
  t.same(rowsOf(out, 4)[0], [0, 25, 75, 100])
})

t.test('the offset keeps a batch apart', async (t) => {
  const out = new Float32Array(2 * 3)
  fitIntoSquare(grey([[5]]), 1, out, 3)
  t.same([...out], [0, 0, 0, 5, 5, 5])
})

t.test('shrinking by a whole factor gives means and drops the rest', async (t) => {
  const image = grey([
    [0, 10, 20, 30, 99],
    [10, 20, 30, 40, 99],
  ])
  const small = shrinkByWholeFactor(image, 2)
  t.same([small.width, small.height], [2, 1])
  t.same([...small.data], [10, 10, 10, 30, 30, 30])
  t.equal(shrinkByWholeFactor(image, 1), image, 'a factor of 1 is the image itself')
  t.same([...shrinkByWholeFactor(grey([[8, 4]]), 3).data], [6, 6, 6], 'never less than one pixel')
})

t.test('sampling: exact at pixel centres, linear between, zero outside', async (t) => {
  const image = grey([
    [0, 100],
    [40, 60],
  ])
  const out = new Float32Array(2 * 2 * 3)
  sampleSquare(image, { a: 1, b: 0, tx: 0, ty: 0 }, 2, out)
  t.same(rowsOf(out, 2), [
    [0, 100],
    [40, 60],
  ])
  sampleSquare(image, { a: 1, b: 0, tx: 0.5, ty: 0 }, 2, out)
  t.same(rowsOf(out, 2), [
    [50, 0],
    [50, 0],
  ])
  sampleSquare(image, { a: 0, b: 1, tx: 2, ty: 0 }, 2, out) // a quarter turn
  t.same(rowsOf(out, 2), [
    [100, 60],
    [0, 40],
  ])
})
