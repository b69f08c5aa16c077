import sharp from 'sharp'
import { createFaceEngine } from '../lib/create-face-engine.js'
import { PREVIEW_SIDE } from '../lib/face/analyse-photos.js'
import { previewSide } from '../lib/image/preview-side.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { answerRequests } from './answer-requests.js'

export interface LargePhotosContract {
  readonly ready: null
  readonly request: { readonly task: 'compare' | 'decode'; readonly photos: readonly [string, string] }
  /** Milliseconds of processor time, of all threads. */
  readonly answer: number
}

/** What sharp needs at least: the photo upright, as small as a face that fills a good part of it may be. */
async function decode(photo: string): Promise<void> {
  const { autoOrient } = await sharp(photo).metadata()
  const side = previewSide(Math.max(autoOrient.width, autoOrient.height), PREVIEW_SIDE.least, PREVIEW_SIDE.most)
  await sharp(photo).autoOrient().resize({ width: side, height: side, fit: 'inside' }).raw().toBuffer()
}

await answerRequests<LargePhotosContract>(async () => {
  const engine = await createFaceEngine({ runtime: process.argv[2] as RuntimeChoice, warmUp: true })
  return {
    ready: null,
    async answer({ task, photos }) {
      const before = process.cpuUsage()
      if (task === 'compare') await engine.compare(...photos)
      else for (const photo of photos) await decode(photo)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    },
  }
})
