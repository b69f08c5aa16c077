import sharp from 'sharp'

/** Sides of a photo of 12 megapixels, as phones take them. */
const [WIDTH, HEIGHT] = [4000, 3000]
/** Noise as coarse as gravel and as stones. */
const GRAINS = [2, 16]

/** Photos that are in order and take much memory: searched through for a face that is not there, or decoded all at once. */
export async function largePhotos(): Promise<Buffer[]> {
  const [fine, coarse] = await Promise.all(GRAINS.map(noise))
  const gravel = sharp(coarse).composite([{ input: fine, blend: 'overlay' }])
  const blank = sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#888' } })
  return Promise.all([gravel.jpeg().toBuffer(), blank.jpeg({ progressive: true }).toBuffer()])
}

async function noise(grain: number): Promise<Buffer> {
  const [width, height] = [WIDTH / grain, HEIGHT / grain].map(Math.ceil)
  const spots = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  const small = sharp({ create: { width, height, channels: 3, background: '#888', noise: spots } })
  return sharp(await small.png().toBuffer())
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer()
}
