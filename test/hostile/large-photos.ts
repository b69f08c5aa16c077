import sharp from 'sharp'

/** Sides of a photo of 12 megapixels, as phones take them. */
const [WIDTH, HEIGHT] = [4000, 3000]
/** Noise as coarse as gravel and as stones. */
const [GRAVEL, STONES] = [2, 16]

/** Photos that are in order and take much memory: searched through for a face that is not there, or decoded all at once. */
export async function largePhotos(): Promise<Buffer[]> {
  const [gravel, stones] = await Promise.all([GRAVEL, STONES].map(noise))
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
  const ground = sharp(stones, { raw }).composite([{ input: gravel, raw, blend: 'overlay' }])
  const blank = sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#888' } })
  return Promise.all([ground.jpeg().toBuffer(), blank.jpeg({ progressive: true }).toBuffer()])
}

async function noise(grain: number): Promise<Buffer> {
  const [width, height] = [WIDTH / grain, HEIGHT / grain].map(Math.ceil)
  const spots = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  const small = sharp({ create: { width, height, channels: 3, background: '#888', noise: spots } })
  const raw = { width, height, channels: 3 } as const
  return sharp(await small.raw().toBuffer(), { raw })
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .raw()
    .toBuffer()
}
