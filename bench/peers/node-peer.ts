import { createFaceEngine } from '../../lib/create-face-engine.js'
import type { PresetName } from '../../lib/face/presets.js'
import type { FaceApiBackend } from '../../lib/runtime/face-api.js'
import type { RuntimeChoice } from '../../lib/runtime/load-networks.js'
import type { Faces } from '../../schemas/compare.js'
import { answerRequests } from '../answer-requests.js'
import { loadFaceApiPipeline } from '../face-api-pipeline.js'

export interface NodePeerContract {
  readonly ready: null
  readonly request: {
    readonly reference: string
    readonly live: string
    readonly runs: number
    /** Only Facemetric knows it. */
    readonly faces?: Faces
  }
  /** Milliseconds of processor time of one run, of all threads. */
  readonly answer: number
}

async function loadCompare(library: string, backend: string, preset?: PresetName) {
  if (library === 'face-api') return loadFaceApiPipeline(backend as FaceApiBackend)
  const engine = await createFaceEngine({ runtime: backend as RuntimeChoice, preset, warmUp: true })
  return async (reference: string, live: string, faces?: Faces) =>
    (await engine.compare(reference, live, { faces })).distance
}

const [library, backend, preset] = process.argv.slice(2) as [string, string, PresetName?]

await answerRequests<NodePeerContract>(async () => {
  const compare = await loadCompare(library, backend, preset)
  return {
    ready: null,
    async answer({ reference, live, runs, faces }) {
      const before = process.cpuUsage()
      for (let i = 0; i < runs; i++) await compare(reference, live, faces)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000 / runs
    },
  }
})
