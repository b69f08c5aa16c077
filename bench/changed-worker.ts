import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { FaceError } from '../lib/errors.js'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import { type FaceMeasures, measureFace } from '../lib/face/face-measures.js'
import { type PhotoPrint, takePrint } from '../lib/face/photo-print.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import { answerRequests } from './answer-requests.js'
import { changePhoto, type PhotoChange } from './photo-changes.js'

/** What is told of the main face of a photo. */
export interface SeenFace {
  readonly descriptor: Float32Array
  readonly print: PhotoPrint
  readonly measures: FaceMeasures
  /** Of the detector. */
  readonly score: number
}

export interface ChangedContract {
  readonly ready: string
  readonly request: {
    readonly path: string
    /** None: the photo as it is. */
    readonly changes: readonly PhotoChange[]
  }
  /** Undefined: no face was found. */
  readonly answer: SeenFace | undefined
}

await answerRequests<ChangedContract>(async () => {
  const { networks } = await loadNetworks(process.argv[2] as RuntimeChoice)
  async function seeFace(file: string): Promise<SeenFace | undefined> {
    try {
      const [{ width, height, candidates }] = await analysePhotos(
        networks,
        [{ photo: await openPhoto(file) }],
        'largest',
      )
      const [face] = candidates
      return {
        descriptor: face.descriptor,
        print: takePrint(face.patch, face.points),
        measures: measureFace(face, { width, height }),
        score: face.score,
      }
    } catch (error) {
      if (error instanceof FaceError) return undefined
      throw error
    }
  }
  return {
    ready: networks.description,
    async answer({ path: original, changes }) {
      if (changes.length === 0) return seeFace(original)
      const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-changed-'))
      try {
        const file = path.join(folder, 'photo.jpg')
        await writeFile(file, await changePhoto(original, changes))
        return await seeFace(file)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  }
})
