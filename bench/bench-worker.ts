import sharp from 'sharp'
import { createFaceEngine } from '../lib/create-face-engine.js'
import type { PresetName } from '../lib/face/presets.js'
import { CHIP_SIZE } from '../lib/networks/descriptor.js'
import { LANDMARK_CROP_SIZE } from '../lib/networks/landmarks.js'
import { loadFaceApiNetworks } from '../lib/runtime/face-api.js'
import type { FaceNetworks } from '../lib/runtime/face-networks.js'
import { loadNetworks, type NetworkOptions, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { PrecisionChoice } from '../lib/runtime/precision.js'
import { answerRequests } from './answer-requests.js'
import { loadFaceApiPipeline } from './face-api-pipeline.js'
import type { Task } from './tasks.js'

export interface BenchContract {
  /** The backend in words. */
  readonly ready: string
  readonly request: { readonly task: Task; readonly leastMilliseconds: number }
  /** Milliseconds of one run: the mean over as many as take the time asked for, at least one. */
  readonly answer: number
}

/** One of the two that are compared. */
export type Side = 'facemetric' | 'face-api'

/** Compares two photos, from their files to the distance. */
export type Compare = (reference: string, live: string) => Promise<number>

async function loadOurs(
  runtime: RuntimeChoice,
  options: NetworkOptions & { readonly preset?: PresetName },
): Promise<{ networks: FaceNetworks; compare: Compare }> {
  const { networks } = await loadNetworks(runtime, options)
  const engine = await createFaceEngine({ runtime: networks.runtime, ...options })
  return { networks, compare: async (reference, live) => (await engine.compare(reference, live)).distance }
}

async function loadTheirs(): Promise<{ networks: FaceNetworks; compare: Compare }> {
  return { networks: await loadFaceApiNetworks(), compare: await loadFaceApiPipeline() }
}

async function pixelsOf(photo: string, size: number, count: number): Promise<Float32Array> {
  const pixels = await sharp(photo).resize(size, size).raw().toBuffer()
  return Float32Array.from({ length: count * pixels.length }, (_, i) => pixels[i % pixels.length])
}

const [side, runtime, threads = '1', precision, preset] = process.argv.slice(2) as [
  Side,
  RuntimeChoice,
  string?,
  PrecisionChoice?,
  PresetName?,
]

await answerRequests<BenchContract>(async () => {
  const { networks, compare } =
    side === 'facemetric'
      ? await loadOurs(runtime, { threads: Number(threads), precision, preset })
      : await loadTheirs()

  const prepare = async (task: Task): Promise<() => Promise<unknown>> => {
    if (task.kind === 'pair') return () => compare(task.reference, task.live)
    if (task.kind === 'pairs') {
      let turn = 0
      return () => compare(...task.pairs[turn++ % task.pairs.length])
    }
    if (task.kind === 'detector') {
      const pixels = await pixelsOf(task.photo, task.size, task.count)
      return () => networks.detect(pixels, task.size, task.count)
    }
    if (task.kind === 'landmarks') {
      const pixels = await pixelsOf(task.photo, LANDMARK_CROP_SIZE, task.count)
      return () => networks.landmarks(pixels, task.count)
    }
    const pixels = await pixelsOf(task.photo, CHIP_SIZE, task.count)
    return () => networks.descriptors(pixels, task.count)
  }

  return {
    ready: networks.description,
    async answer({ task, leastMilliseconds }) {
      const run = await prepare(task)
      const begun = performance.now()
      let runs = 0
      do {
        await run()
        runs++
      } while (performance.now() - begun < leastMilliseconds)
      return (performance.now() - begun) / runs
    },
  }
})
