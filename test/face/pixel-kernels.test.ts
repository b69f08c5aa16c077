import t from 'tap'
import { alignedSquare } from '../../lib/face/chip.js'
import { fitIntoSquare } from '../../lib/face/fit-into-square.js'
import { applySimilarity, squareToImage } from '../../lib/face/geometry.js'
import { lumaAt, placeLumaOf } from '../../lib/face/luma.js'
import { takePrint } from '../../lib/face/photo-print.js'
import { placeLuma, sampleSquare } from '../../lib/face/resample.js'
import type { RgbImage } from '../../lib/image/rgb-image.js'
import { floatsAt, kernels, NETWORK_INPUT, placesFor } from '../../lib/kernels/pixel-kernels.js'

/** A copy of the luma of a square. */
function sampleLuma(...square: Parameters<typeof placeLuma>): Float32Array {
  const [, , size] = square
  return floatsAt(placeLuma(...square), size * size).slice()
}

function sharpness(luma: Float32Array, width: number, height: number): number {
  const [place] = placesFor(luma.byteLength)
  floatsAt(place, luma.length).set(luma)
  return kernels.sharpness(place, width, height)
}

/** In steps of 0 to 255: what floats are off by. */
const ROUNDING = 1e-4
/** The same where bytes are multiplied by shares of 14 bits. */
const SHARE_ROUNDING = 255 / 2 ** 15 + ROUNDING

/** A picture in which every pixel differs from its neighbours. */
function picture(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24)
  return { width, height, data }
}

/** What one pixel of a picture is between its neighbours, the picture going on beyond its borders as it ends there. */
function interpolated({ width, height, data }: RgbImage, x: number, y: number, channel: number): number {
  const at = (column: number, row: number) => {
    const [inColumn, inRow] = [Math.max(0, Math.min(width - 1, column)), Math.max(0, Math.min(height - 1, row))]
    return data[3 * (inRow * width + inColumn) + channel]
  }
  const [column, row] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
  const [fx, fy] = [x - 0.5 - column, y - 0.5 - row]
  const above = (1 - fx) * at(column, row) + fx * at(column + 1, row)
  const below = (1 - fx) * at(column, row + 1) + fx * at(column + 1, row + 1)
  return (1 - fy) * above + fy * below
}

/** The mean over the area that each pixel covers of a picture made smaller, or what lies between pixels of one made larger. */
function fitted(image: RgbImage, size: number, x: number, y: number, channel: number): number {
  const scale = size / Math.max(image.width, image.height)
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)))
  if (x >= width || y >= height) return 0
  const [across, down] = [image.width / width, image.height / height]
  if (scale >= 1) return interpolated(image, (x + 0.5) * across, (y + 0.5) * down, channel)
  let [sum, area] = [0, 0]
  for (let row = Math.floor(y * down); row < Math.min(image.height, (y + 1) * down); row++) {
    for (let column = Math.floor(x * across); column < Math.min(image.width, (x + 1) * across); column++) {
      const wide = Math.min(column + 1, (x + 1) * across) - Math.max(column, x * across)
      const high = Math.min(row + 1, (y + 1) * down) - Math.max(row, y * down)
      sum += wide * high * image.data[3 * (row * image.width + column) + channel]
      area += wide * high
    }
  }
  return sum / area
}

/** The largest difference of size x size x 3 floats from what they should be. */
function largestError(pixels: Float32Array, size: number, expected: (x: number, y: number, channel: number) => number) {
  return pixels.reduce((largest, value, i) => {
    const pixel = Math.floor(i / 3)
    return Math.max(largest, Math.abs(value - expected(pixel % size, Math.floor(pixel / size), i % 3)))
  }, 0)
}

/** Buffers of the caller's, and in the kernels' memory. */
function buffers(length: number): [where: string, Float32Array][] {
  return [
    ['copied', new Float32Array(length)],
    ['in place', NETWORK_INPUT.subarray(0, length)],
  ]
}

const SQUARES = [
  { what: 'turned, inside the picture', centre: { x: 101.3, y: 90.7 }, side: 100, turn: 0.4 },
  { what: 'over a border', centre: { x: 10.2, y: 70 }, side: 120, turn: -2.5 },
  { what: 'around the whole picture', centre: { x: 100, y: 80 }, side: 260, turn: 1 },
  { what: 'smaller than a pixel', centre: { x: 60.4, y: 60.4 }, side: 0.5, turn: 0.1 },
  { what: 'beside the picture', centre: { x: -300, y: 60 }, side: 100, turn: 0.3 },
]
// The second is too large to stay in the kernels' memory.
const PICTURES = [picture(200, 160), picture(500, 200)]
for (const { what, centre, side, turn } of SQUARES) {
  t.test(`a square ${what} is sampled as by the plain formula`, async (t) => {
    for (const [image, size] of PICTURES.flatMap((image) => [1, 64, 112].map((size) => [image, size] as const))) {
      const toImage = squareToImage(centre, side, turn, size)
      const length = size * size * 3
      const colours = Array.from({ length }, (_, i) => {
        const { a, b, tx, ty } = toImage
        const [column, row] = [(Math.floor(i / 3) % size) + 0.5, Math.floor(i / 3 / size) + 0.5]
        const [x, y] = [a * column - b * row + tx, b * column + a * row + ty]
        const inImage = x >= 0 && x < image.width && y >= 0 && y < image.height
        return inImage ? interpolated(image, x, y, i % 3) : 0
      })
      for (const [where, out] of buffers(length + 8)) {
        out.fill(-1)
        sampleSquare(image, toImage, size, out, 4)
        const error = largestError(out.subarray(4, -4), size, (x, y, channel) => colours[3 * (y * size + x) + channel])
        t.ok(error < SHARE_ROUNDING, `off by ${error} with side ${size}, ${where}`)
        t.same([...out.subarray(0, 4), ...out.subarray(-4)], Array(8).fill(-1), 'nothing beside it is touched')
      }
      const errors = sampleLuma(image, toImage, size).map((value, i) => value - lumaAt(colours, 3 * i))
      t.ok(Math.max(...errors.map(Math.abs)) < SHARE_ROUNDING, `its luma, with side ${size}`)
    }
  })
}

t.test('with a square comes its mirror image, and its luma', async (t) => {
  const image = picture(200, 160)
  const size = 50
  const toImage = squareToImage({ x: 90, y: 60 }, 90, 0.3, size)
  const straight = new Float32Array(size * size * 3)
  sampleSquare(image, toImage, size, straight)
  const at = (x: number, y: number, channel: number) => straight[3 * (y * size + x) + channel]
  for (const [where, both] of buffers(2 * straight.length)) {
    sampleSquare(image, toImage, size, both, 0, straight.length)
    t.same(both.subarray(0, straight.length), straight, where)
    const mirrored = both.subarray(straight.length)
    t.equal(
      largestError(mirrored, size, (x, y, channel) => at(size - 1 - x, y, channel)),
      0,
    )
    const beside = floatsAt(placeLumaOf(both, size * size), size * size)
    const errors = beside.map((value, i) => Math.abs(value - lumaAt(straight, 3 * i)))
    t.ok(Math.max(...errors) < ROUNDING)
  }
  const luma = sampleLuma(image, toImage, size)
  const bright = luma.filter((value, i) => i < size * size - 3 && value >= 200).length
  t.equal(kernels.countFrom(200, placeLuma(image, toImage, size), size * size - 3), bright)
})

t.test('a print holds the mean of four samples a pixel, and 0 for what lies beside the photo', async (t) => {
  const image = picture(200, 160)
  const points = Array.from({ length: 68 }, () => ({ x: 95, y: 75 }))
  const placed = {
    36: { x: 70, y: 60 },
    39: { x: 84, y: 62 },
    42: { x: 106, y: 64 },
    45: { x: 120, y: 66 },
    33: { x: 93, y: 98 },
  }
  const print = takePrint({ image, fromPhoto: { a: 1, b: 0, tx: 0, ty: 0 } }, Object.assign(points, placed))
  const toPhoto = alignedSquare(points, 0.75, 128)
  const luma = sampleLuma(image, toPhoto, 128)
  const expected = Array.from(print, (_, i) => {
    const [column, row] = [2 * (i % 64), 2 * Math.floor(i / 64)]
    const { x, y } = applySimilarity(toPhoto, { x: column + 1, y: row + 1 })
    if (x < 2 || y < 2 || x >= image.width - 2 || y >= image.height - 2) return 0
    const first = 128 * row + column
    return Math.max(1, Math.round((luma[first] + luma[first + 1] + luma[first + 128] + luma[first + 129]) / 4))
  })
  t.same([...print], expected)
  t.ok(print.includes(0), 'some of it lies beside the photo')
})

t.test('the detector is shown a picture as by the plain formula, whether it is made smaller or larger', async (t) => {
  for (const [width, height] of [
    [250, 250],
    [257, 91],
    [33, 200],
    [40, 64],
    [1, 300],
  ]) {
    const image = picture(width, height)
    const size = 128
    for (const [where, out] of buffers(size * size * 3 + 8)) {
      out.fill(-1)
      fitIntoSquare(image, size, out, 4)
      const error = largestError(out.subarray(4, -4), size, (x, y, channel) => fitted(image, size, x, y, channel))
      t.ok(error < ROUNDING, `off by ${error} with ${width} x ${height}, ${where}`)
      t.same([...out.subarray(0, 4), ...out.subarray(-4)], Array(8).fill(-1), 'nothing beside it is touched')
    }
  }
})

t.test('pictures that are worked on in parts look the same', async (t) => {
  const image = picture(2000, 1500)
  const size = 640
  const out = new Float32Array(size * size * 3)
  const toImage = squareToImage({ x: 1000, y: 750 }, 900, 0.8, size)
  sampleSquare(image, toImage, size, out)
  const error = largestError(out, size, (column, row, channel) => {
    const { a, b, tx, ty } = toImage
    const [x, y] = [column + 0.5, row + 0.5]
    return interpolated(image, a * x - b * y + tx, b * x + a * y + ty, channel)
  })
  t.ok(error < SHARE_ROUNDING, `sampling off by ${error}`)
  fitIntoSquare(image, size, out)
  const fitError = largestError(out, size, (x, y, channel) => fitted(image, size, x, y, channel))
  t.ok(fitError < ROUNDING, `fitting off by ${fitError}`)
})

t.test('sharpness is the mean size of the Laplacian in standard deviations', async (t) => {
  for (const [width, height] of [
    [100, 100],
    [7, 5],
    [3, 3],
    [2, 9],
    [1, 1],
  ]) {
    const luma = Float32Array.from(picture(width, height).data.subarray(0, width * height))
    const at = (x: number, y: number) => luma[y * width + x]
    const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length
    const deviation = Math.sqrt(luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length)
    let edges = 0
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        edges += Math.abs(4 * at(x, y) - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1))
      }
    }
    const expected = deviation < 1 ? 0 : edges / Math.max(1, (width - 2) * (height - 2)) / deviation
    const measured = sharpness(luma, width, height)
    t.ok(Math.abs(measured - expected) < 1e-5, `${measured} of ${width} x ${height}, ${expected} expected`)
  }
  t.equal(sharpness(new Float32Array(64).fill(250), 8, 8), 0, 'a picture of one shade')
})
