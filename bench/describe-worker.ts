import { FaceError, type FaceErrorCode } from '../lib/errors.js'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import type { PresetName } from '../lib/face/presets.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import { answerRequests } from './answer-requests.js'

export interface DescribeContract {
  readonly ready: { readonly runtime: string; readonly description: string }
  /** Path of a photo. */
  readonly request: string
  /** The descriptor, or why the photo has none. */
  readonly answer: ({ readonly descriptor: Float32Array } | { readonly failure: FaceErrorCode }) & {
    /** From the file to the descriptor. */
    readonly milliseconds: number
  }
}

await answerRequests<DescribeContract>(async () => {
  const preset = process.argv[3] as PresetName
  const { networks } = await loadNetworks(process.argv[2] as RuntimeChoice)
  return {
    ready: { runtime: networks.runtime, description: networks.description },
    async answer(file) {
      const begun = performance.now()
      try {
        const [{ candidates }] = await analysePhotos(
          networks,
          [{ photo: await openPhoto(file) }],
          'largest',
          undefined,
          preset,
        )
        return { descriptor: candidates[0].descriptor, milliseconds: performance.now() - begun }
      } catch (error) {
        if (error instanceof FaceError) return { failure: error.code, milliseconds: performance.now() - begun }
        throw error
      }
    },
  }
})
