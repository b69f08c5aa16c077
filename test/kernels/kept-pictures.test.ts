import t from 'tap'
import { squareToImage } from '../../lib/face/geometry.js'
import { sampleSquare } from '../../lib/face/resample.js'
import type { RgbImage } from '../../lib/image/rgb-image.js'
import { decodeSmallJpeg } from '../../lib/image/small-jpeg.js'
import { giveUp } from '../../lib/kernels/kept-pictures.js'
import { fromPixels } from '../image/pictures.js'

/** A square picture in which every pixel differs from its neighbours. */
function picture(side: number): RgbImage {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24)
  return { width: side, height: side, data }
}

function sampled(image: RgbImage): Float32Array {
  const out = new Float32Array(32 * 32 * 3)
  sampleSquare(image, squareToImage({ x: 30, y: 30 }, 40, 0.2, 32), 32, out)
  return out
}

t.test('whatever was looked at in between, a square shows the picture it was asked of', async (t) => {
  const [first, second, third] = [60, 70, 80].map(picture)
  const alone = new Map([first, second, third].map((image) => [image, sampled(image)]))
  for (const image of [first, second, first, third, second, second, third, first]) {
    t.same(sampled(image), alone.get(image))
    t.same(sampled({ ...image, data: image.data.slice() }), alone.get(image), 'a copy of it')
  }
  t.notSame(alone.get(first), alone.get(second))
})

t.test('a decoded picture has its pixels, also when others have taken their place', async (t) => {
  const content = await fromPixels(picture(80)).jpeg().toBuffer()

  const [first, second] = [decodeSmallJpeg(content), decodeSmallJpeg(content)] as RgbImage[]
  const [square, pixels] = [sampled(first), first.data]
  for (const side of [60, 70]) sampled(picture(side))
  t.same(second.data, pixels)
  t.same(sampled(second), square)
})

t.test(
  'a picture that was given up has the pixels that were asked for before, or none: never those of another',
  async (t) => {
    const content = await fromPixels(picture(80)).jpeg().toBuffer()
    const [asked, unasked] = [decodeSmallJpeg(content), decodeSmallJpeg(content)] as RgbImage[]
    const pixels = asked.data.slice()
    for (const image of [asked, unasked]) giveUp(image)
    for (const side of [60, 70]) sampled(picture(side))
    t.same(asked.data, pixels)
    t.throws(() => unasked.data, { message: 'the pixels of this picture were given up' })
  },
)
