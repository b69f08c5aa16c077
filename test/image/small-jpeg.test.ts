import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import sharp from 'sharp'
import t from 'tap'
import { Random } from '../../bench/random.js'
import { SEGMENT } from '../../lib/image/jpeg-segments.js'
import { openPhoto } from '../../lib/image/open-photo.js'
import type { RgbImage } from '../../lib/image/rgb-image.js'
import { decodeSmallJpeg } from '../../lib/image/small-jpeg.js'
import { facePhoto, REAL_FACES } from '../real-faces.js'
import { randomJpeg } from './jpeg-writer.js'
import { demoPhoto, fromPixels, largestDifference, pictureFolder, plain } from './pictures.js'

/** What sharp makes of a file; undefined where it refuses it. */
async function bySharp(content: Buffer): Promise<RgbImage | undefined> {
  const raw = sharp(content, { failOn: 'warning' }).toColourspace('srgb').raw()
  const picture = await raw.toBuffer({ resolveWithObject: true }).catch(() => undefined)
  return picture && { width: picture.info.width, height: picture.info.height, data: picture.data }
}

/** Whether pixels are exactly those that sharp gives. */
async function isAsBySharp(image: RgbImage, content: Buffer): Promise<boolean> {
  const expected = await bySharp(content)
  return expected !== undefined && largestDifference(image, expected) === 0
}

t.test('small photos have the pixels that sharp gives, to the last bit', async (t) => {
  for (const [i, face] of REAL_FACES.entries()) {
    for (const [width, height] of [
      [250, 250],
      [16, 16],
      [17, 31],
      [333, 221],
      [480, 640],
    ]) {
      const photo = (await facePhoto(face, 2)).resize(width, height, { fit: 'fill' })
      for (const quality of [10, 50, 80, 100]) {
        const chromaSubsampling = (i + quality) % 20 === 0 ? '4:4:4' : '4:2:0'
        const content = await photo.clone().jpeg({ quality, chromaSubsampling }).toBuffer()
        const image = decodeSmallJpeg(content)
        t.ok(
          image && (await isAsBySharp(image, content)),
          `${i}: ${width} x ${height}, ${quality}, ${chromaSubsampling}`,
        )
      }
    }
  }
})

t.test('so do pictures of every sampling, with and without restarts, and with shades out of range', async (t) => {
  for (const [across, down] of [
    [1, 1],
    [2, 1],
    [2, 2],
  ]) {
    for (const [width, height] of [
      [16, 16],
      [33, 17],
      [47, 64],
      [98, 51],
    ]) {
      for (const interval of [0, 1, 5]) {
        for (const quality of [30, 90]) {
          const kind = { width, height, across, down, interval, quality }
          const content = await randomJpeg(kind, width + interval)
          const image = decodeSmallJpeg(content)
          t.ok(image && (await isAsBySharp(image, content)), JSON.stringify(kind))
        }
      }
    }
  }
})

t.test('damaged files are left to sharp, or have the pixels that it gives', async (t) => {
  const photo = (await facePhoto(REAL_FACES[0], 2)).resize(120, 100)
  const sound = [
    await photo.clone().jpeg().toBuffer(),
    await photo.clone().jpeg({ chromaSubsampling: '4:4:4', optimiseCoding: false }).toBuffer(),
    await randomJpeg({ width: 60, height: 50, across: 2, down: 1, interval: 3 }, 1),
  ]
  const random = new Random(7)
  const check = async (content: Buffer, what: string) => {
    const image = decodeSmallJpeg(content)
    if (image && !(await isAsBySharp(image, content))) t.fail(what)
    return image !== undefined
  }
  for (const [i, content] of sound.entries()) {
    t.ok(await check(content, `${i}`))
    for (let length = 0; length < content.length; length += 7) {
      t.notOk(await check(content.subarray(0, length), ''), `${i}: ${length} of ${content.length} bytes`)
    }
    let taken = 0
    for (let turn = 0; turn < 400; turn++) {
      const damaged = Buffer.from(content)
      for (let flips = 1 + random.below(3); flips > 0; flips--) {
        damaged[random.below(damaged.length)] ^= 1 << random.below(8)
      }
      if (await check(damaged, `${i}: damaged, turn ${turn}`)) taken++
    }
    // Of some damage no decoder could know.
    t.ok(taken > 0 && taken < 400, `${i}: ${taken} of 400 taken`)
  }
})

t.test('so are coefficients too large for any photo, up to the border', async (t) => {
  const taken: number[] = []
  for (const shade of [136, 120]) {
    // Without losses: its first coefficient is 64 or -64.
    const content = await plain([shade, shade, shade], 16, 16)
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const quantiser = content.indexOf(Buffer.from([0xff, SEGMENT.quantisers])) + 5
    for (const by of [16, 127, 128, 129, 255]) {
      content[quantiser] = by
      const image = decodeSmallJpeg(content)
      if (image) taken.push(by * Math.sign(shade - 128))
      if (image) t.ok(await isAsBySharp(image, content), `${shade}, times ${by}`)
    }
  }
  t.same(taken, [16, 127, -16, -127, -128])
})

/** Runs in a thread of its own, where the kernels are loaded anew and one of them fails. */
const DECODE_WITH_FAULT = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { Instance } = WebAssembly
  const readScan = () => { throw new WebAssembly.RuntimeError('memory access out of bounds') }
  WebAssembly.Instance = class {
    constructor(module) {
      this.exports = { ...new Instance(module).exports, ...(workerData.faulty ? { readScan } : {}) }
    }
  }
  import(workerData.module).then(({ decodeSmallJpeg }) => {
    parentPort.postMessage(decodeSmallJpeg(Buffer.from(workerData.jpeg)) !== undefined)
  })
`

t.test('a fault inside the kernels leaves a photo to sharp', async (t) => {
  const jpeg = await fromPixels(await demoPhoto(300))
    .jpeg()
    .toBuffer()
  const module = new URL('../../lib/image/small-jpeg.js', import.meta.url).href
  for (const faulty of [false, true]) {
    const worker = new Worker(DECODE_WITH_FAULT, { eval: true, workerData: { module, jpeg, faulty } })
    const [decoded] = await once(worker, 'message')
    t.equal(decoded, !faulty)
  }
})

t.test('whatever is out of the ordinary is left to sharp', async (t) => {
  const write = await pictureFolder(t)
  const make = async (width = 300) => fromPixels(await demoPhoto(width))
  const jpeg = await (await make()).jpeg().toBuffer()
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const header = jpeg.subarray(frame, frame + 2 + jpeg.readUInt16BE(frame + 2))
  const files: Record<string, Buffer> = {
    progressive: await (await make()).jpeg({ progressive: true }).toBuffer(),
    'turned by EXIF': await (await make())
      .withExif({ IFD0: { Orientation: '6' } })
      .jpeg()
      .toBuffer(),
    'with a profile': await (await make()).withIccProfile('p3').jpeg().toBuffer(),
    grey: await (await make()).toColourspace('b-w').jpeg().toBuffer(),
    CMYK: await (await make()).toColourspace('cmyk').jpeg().toBuffer(),
    'of more than 640 x 480 pixels': await (await make(800)).jpeg().toBuffer(),
    'of a few columns': await plain([200, 100, 50], 4, 90).jpeg().toBuffer(),
    'with stray bytes': Buffer.concat([jpeg.subarray(0, frame), Buffer.alloc(18), jpeg.subarray(frame)]),
    'with two frames': Buffer.concat([jpeg.subarray(0, frame), header, jpeg.subarray(frame)]),
  }
  for (const [name, content] of Object.entries(files)) {
    t.equal(decodeSmallJpeg(content), undefined, name)
    const open = openPhoto(await write('photo.jpg', content)).then((photo) => photo.preview(1024))
    if (name === 'with two frames') await t.rejects(open, { code: 'damaged_image' }, name)
    else t.equal((await open).scale, 1, name)
  }
  t.equal(decodeSmallJpeg(await (await make()).png().toBuffer()), undefined)
})

t.test('a photo that is made smaller than it is, is shrunk by sharp', async (t) => {
  const write = await pictureFolder(t)
  const photo = await openPhoto(
    await write(
      'photo.jpg',
      await fromPixels(await demoPhoto(300))
        .jpeg()
        .toBuffer(),
    ),
  )
  const { image, scale } = await photo.preview(100)
  t.same([image.width, image.height, scale], [100, 67, 1 / 3])
})

t.test('the largest that are taken have room in the memory of the kernels', async (t) => {
  const noise = fromPixels({
    width: 640,
    height: 480,
    data: Uint8Array.from({ length: 640 * 480 * 3 }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24),
  })
  const content = await noise.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
  const image = decodeSmallJpeg(content)
  t.ok(image && (await isAsBySharp(image, content)))
})
