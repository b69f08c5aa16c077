import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { FaceError, type FaceErrorCode } from '../lib/errors.js'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import { describeFaces } from '../lib/face/descriptors.js'
import { type FaceMeasures, measureFace } from '../lib/face/face-measures.js'
import type { Point } from '../lib/face/geometry.js'
import { type PhotoPrint, takePrint } from '../lib/face/photo-print.js'
import type { PresetName } from '../lib/face/presets.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import { answerRequests } from './answer-requests.js'
import { changePhoto, type PhotoChange } from './photo-changes.js'

/** What is told of the main face of a photo. */
export interface SeenFace {
  /** By the first preset asked for. */
  readonly descriptor: Float32Array
  /** By each. */
  readonly descriptors: ReadonlyMap<PresetName, Float32Array>
  readonly print: PhotoPrint
  readonly measures: FaceMeasures
  /** Of the detector. */
  readonly score: number
  /** Whether it is in the middle of the photo as it was before it was changed. */
  readonly inMiddle: boolean
}

export interface PhotoContract {
  readonly ready: { readonly runtime: string; readonly description: string }
  readonly request: {
    readonly path: string
    /** None: the photo as it is. */
    readonly changes: readonly PhotoChange[]
  }
  /** The main face, or why there is none. */
  readonly answer: (
    | { readonly face: SeenFace; readonly failure?: undefined }
    | { readonly face?: undefined; readonly failure: FaceErrorCode }
  ) & {
    /** From the file to the descriptor. */
    readonly milliseconds: number
    /** CPU time of the same. */
    readonly cpuMilliseconds: number
  }
}

await answerRequests<PhotoContract>(async () => {
  const [preset, ...others] = process.argv[3].split(',') as PresetName[]
  const { networks } = await loadNetworks(process.argv[2] as RuntimeChoice)

  async function see(file: string, middle?: Point): Promise<PhotoContract['answer']> {
    const [begun, cpuBegun] = [performance.now(), process.cpuUsage()]
    const taken = () => {
      const { user, system } = process.cpuUsage(cpuBegun)
      return { milliseconds: performance.now() - begun, cpuMilliseconds: (user + system) / 1000 }
    }
    try {
      const photo = await openPhoto(file)
      const [{ width, height, candidates }] = await analysePhotos(networks, [{ photo }], 'largest', undefined, preset)
      const times = taken()
      const [face] = candidates
      const descriptors = new Map([[preset, face.descriptor]])
      let symmetry = face.symmetry
      for (const other of others) {
        const [description] = await describeFaces(networks, [face], other)
        descriptors.set(other, description.descriptor)
        symmetry ??= description.symmetry
      }
      const { box, score, descriptor } = face
      const { x, y } = middle ?? { x: width / 2, y: height / 2 }
      const inMiddle = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height
      const [print, measures] = [
        takePrint(face.patch, face.points),
        measureFace({ ...face, symmetry }, { width, height }),
      ]
      return { face: { descriptor, descriptors, print, measures, score, inMiddle }, ...times }
    } catch (error) {
      if (error instanceof FaceError) return { failure: error.code, ...taken() }
      throw error
    }
  }

  return {
    ready: { runtime: networks.runtime, description: networks.description },
    async answer({ path: original, changes }) {
      if (changes.length === 0) return see(original)
      const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-changed-'))
      try {
        const file = path.join(folder, 'photo')
        const changed = await changePhoto(original, changes)
        await writeFile(file, changed.file)
        return await see(file, changed.middle)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  }
})
