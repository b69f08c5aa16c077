import { FaceError, type FaceErrorCode } from '../lib/errors.js'
import { analysePhotos } from '../lib/face/analyse-photos.js'
import { CHIP_LENGTH } from '../lib/face/chip.js'
import { meanPoint } from '../lib/face/geometry.js'
import { locateLandmarks } from '../lib/face/landmarks.js'
import { openPhoto } from '../lib/image/open-photo.js'
import { DESCRIPTOR_LENGTH } from '../lib/networks/descriptor.js'
import type { FaceNetworks, Precision } from '../lib/runtime/face-networks.js'
import { loadNetworks, type RuntimeChoice } from '../lib/runtime/load-networks.js'
import { answerRequests } from './answer-requests.js'
import { type FaceView, sampleView } from './face-views.js'

/** Milliseconds of processor time of all threads. */
export interface ViewCosts {
  /** From the file to the landmarks. */
  readonly located: number
  /** One more pass of the landmarks. */
  readonly pass: number
  /** One view, on average, with its descriptor. */
  readonly view: Readonly<Partial<Record<Precision, number>>>
}

export interface ViewContract {
  readonly ready: { readonly runtime: string; readonly description: string }
  readonly request: { readonly path: string; readonly views: readonly FaceView[] }
  readonly answer:
    | {
        /** Of each view, as the network gives it: not scaled to length 1. */
        readonly descriptors: readonly Float32Array[]
        readonly costs: ViewCosts
        readonly failure?: undefined
      }
    | { readonly failure: FaceErrorCode }
}

async function timed<Value>(run: () => Promise<Value>): Promise<{ value: Value; milliseconds: number }> {
  const before = process.cpuUsage()
  const value = await run()
  const { user, system } = process.cpuUsage(before)
  return { value, milliseconds: (user + system) / 1000 }
}

await answerRequests<ViewContract>(async () => {
  const runtime = process.argv[2] as RuntimeChoice
  const { networks } = await loadNetworks(runtime)
  const loaded = new Map<Precision, FaceNetworks>([[networks.precision, networks]])

  async function networksOf(precision: Precision): Promise<FaceNetworks> {
    const known = loaded.get(precision)
    if (known) return known
    const { networks: other } = await loadNetworks(networks.runtime, { precision })
    loaded.set(precision, other)
    return other
  }

  /** The service's networks without the last one, of which views are made here instead. */
  const locating: FaceNetworks = {
    ...networks,
    descriptors: async (_chips, count) => new Float32Array(count * DESCRIPTOR_LENGTH).fill(1),
  }

  async function see(path: string, views: readonly FaceView[]): Promise<ViewContract['answer']> {
    const { value: face, milliseconds: located } = await timed(async () => {
      const [{ candidates }] = await analysePhotos(locating, [{ photo: await openPhoto(path) }], 'largest')
      return candidates[0]
    })
    const { value: again, milliseconds: passes } = await timed(() => locateLandmarks(networks, [face], true))
    const points = {
      service: face.points,
      averaged: face.points.map((point, i) => meanPoint([point, again[0].points[i]])),
    }
    const descriptors = new Array<Float32Array>(views.length)
    const view: Partial<Record<Precision, number>> = {}
    for (const precision of new Set(views.map((one) => one.precision))) {
      const wanted = views.flatMap((one, i) => (one.precision === precision ? [i] : []))
      const own = await networksOf(precision)
      const { milliseconds } = await timed(async () => {
        for (let k = 0; k < wanted.length; k += 2) {
          const two = wanted.slice(k, k + 2)
          const chips = new Float32Array(two.length * CHIP_LENGTH)
          for (const [place, i] of two.entries()) sampleView(face.patch, points, views[i], chips, place * CHIP_LENGTH)
          const output = await own.descriptors(chips, two.length)
          two.forEach((i, place) => {
            descriptors[i] = output.slice(place * DESCRIPTOR_LENGTH, (place + 1) * DESCRIPTOR_LENGTH)
          })
        }
      })
      view[precision] = milliseconds / wanted.length
    }
    return { descriptors, costs: { located, pass: passes / 2, view } }
  }

  return {
    ready: { runtime: networks.runtime, description: networks.description },
    async answer({ path, views }) {
      try {
        return await see(path, views)
      } catch (error) {
        if (error instanceof FaceError) return { failure: error.code }
        throw error
      }
    },
  }
})
