import { PREVIEW_SIDE } from '../lib/face/analyse-photos.js'
import { bestPair } from '../lib/face/best-pair.js'
import type { PresetName } from '../lib/face/presets.js'
import { candidatesOf } from '../lib/face-describer.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { comparable } from '../lib/judge.js'
import { describerOn } from '../lib/load-describer.js'
import { rehearse } from '../lib/rehearsal/descriptions.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { Timings } from '../lib/timings.js'
import { answerRequests } from './answer-requests.js'
import { RecordingNetworks } from './replay.js'

/** Milliseconds of processor time of one run, of all threads of the process. */
export interface Costs {
  readonly pair: number
  readonly networks: number
  /** Both photos, from their files to pixels. */
  readonly decoding: number
  readonly timings: Timings
}

export interface OverheadContract {
  /** The backend in words. */
  readonly ready: string
  /** Without `runs` the photos are only compared, once. */
  readonly request: { readonly photos: readonly string[]; readonly runs?: number }
  readonly answer: { readonly measured?: Costs }
}

/** Processor time that `runs` runs take, in milliseconds a run. */
async function processorTime(runs: number, run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < runs; i++) await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / runs
}

await answerRequests<OverheadContract>(async () => {
  const loaded = await loadNetworks(process.argv[2] as RuntimeChoice)
  const preset = process.argv[3] as PresetName
  await rehearse(loaded.networks, preset)
  const describer = describerOn(loaded, { preset })
  return {
    ready: loaded.networks.description,
    async answer({ photos: paths, runs }) {
      const photos = paths.map((path) => ({ path }))
      const compare = async () => {
        const [first, second] = (await describer.describe(photos, { faces: 'largest' })).photos
        return bestPair(candidatesOf(first).map(comparable), candidatesOf(second).map(comparable))
      }
      if (runs === undefined) {
        await compare()
        return {}
      }
      const recording = new RecordingNetworks(loaded.networks)
      const { timings } = await describerOn({ ...loaded, networks: recording }, { preset }).describe(photos, {
        faces: 'largest',
      })
      const pair = await processorTime(runs, compare)
      const networks = await processorTime(runs, async () => {
        for (const call of recording.calls) await call(loaded.networks)
      })
      const decoding = await processorTime(runs, () =>
        Promise.all(photos.map(async ({ path }) => (await openPhoto(path)).preview(PREVIEW_SIDE.most))),
      )
      return { measured: { pair, networks, decoding, timings } }
    },
  }
})
