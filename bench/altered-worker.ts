import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { FaceError } from '../lib/errors.js'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import type { PresetName } from '../lib/face/presets.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import { type Alteration, alter } from './alterations.js'
import { answerRequests } from './answer-requests.js'

export interface AlteredContract {
  readonly ready: { readonly runtime: string; readonly description: string }
  readonly request: {
    readonly path: string
    /** Undefined: the photo as it is. */
    readonly alteration: Alteration | undefined
  }
  readonly answer: {
    /** Of the main face; undefined where none is found. */
    readonly descriptor: Float32Array | undefined
    /** Whether that face is the one in the middle of the photo before it was altered. */
    readonly found: boolean
    /** CPU time from the file to the descriptor. */
    readonly milliseconds: number
  }
}

await answerRequests<AlteredContract>(async () => {
  const preset = process.argv[3] as PresetName
  const { networks } = await loadNetworks(process.argv[2] as RuntimeChoice)
  return {
    ready: { runtime: networks.runtime, description: networks.description },
    async answer({ path: original, alteration }) {
      const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-altered-'))
      try {
        const altered = alteration && (await alter(original, alteration))
        const file = altered ? path.join(folder, 'photo') : original
        if (altered) await writeFile(file, altered.file)
        const begun = process.cpuUsage()
        const milliseconds = () => {
          const { user, system } = process.cpuUsage(begun)
          return (user + system) / 1000
        }
        try {
          const [{ candidates }] = await analysePhotos(
            networks,
            [{ photo: await openPhoto(file) }],
            'largest',
            undefined,
            preset,
          )
          const [{ box, descriptor }] = candidates
          const { x, y } = altered?.middle ?? { x: box.x, y: box.y }
          const found = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height
          return { descriptor, found, milliseconds: milliseconds() }
        } catch (error) {
          if (!(error instanceof FaceError)) throw error
          return { descriptor: undefined, found: false, milliseconds: milliseconds() }
        }
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  }
})
