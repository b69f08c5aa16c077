import type { Faces } from '../schemas/compare.js'
import { allInOrder } from './all-in-order.js'
import { describePhotos } from './describe-photos.js'
import { aboutPhoto, FaceError } from './errors.js'
import { chipsOf, DEFAULT_PRESET, type PresetName } from './face/presets.js'
import { SearchLimit } from './face/search-limit.js'
import type { DescribeOptions, Description, FaceDescriber, PhotoDescription, PhotoFile } from './face-describer.js'
import { openPhoto } from './image/open-photo.js'
import { laterRuns, rehearse } from './rehearsal/descriptions.js'
import { runWhileIdle } from './rehearsal/run-while-idle.js'
import type { FaceNetworks, RuntimeName } from './runtime/face-networks.js'
import { type LoadedNetworks, loadNetworks, type RuntimeChoice } from './runtime/load-networks.js'
import type { PrecisionChoice } from './runtime/precision.js'
import { Stopwatch } from './stopwatch.js'

/** Most faces that are described in a last step: those of a pair of photos. Eight of each, as with `any`, take longer than many a comparison. */
const FACES_OF_LAST_STEP = 2

export interface DescriberOptions {
  /** Which runtime; default `auto`, the first that loads. */
  runtime?: RuntimeChoice
  /** What is described of each face. Default: `DEFAULT_PRESET`. */
  preset?: PresetName
  /** What the networks are computed with; default `auto`, int8 where it is right and faster. */
  precision?: PrecisionChoice
  /** Most pixels a photo may have. */
  maxPixels?: number
  /** Threads of the networks; default 1. What that gains: docs/PERFORMANCE.md, Runtimes. */
  threads?: number
  /**
   * Whether to rehearse before the describer is given out, so that the first photo is not slow; and to go on with what can
   * wait, such as sizes that few photos need, while nothing is described.
   */
  warmUp?: boolean
}

/** A describer in this process: it has loaded, or there is none. */
export interface LoadedDescriber extends FaceDescriber {
  readonly runtime: RuntimeName
  /** @param onLastStep called when all that is left is to describe a face or two: that takes about as long for any photos */
  describe(photos: readonly PhotoFile[], options: DescribeOptions & { onLastStep?: () => void }): Promise<Description>
}

/**
 * Loads the networks and gives a describer that runs them in this process.
 * @throws Error when the runtime does not load or a weight file is not right
 */
export async function loadDescriber(options: DescriberOptions = {}): Promise<LoadedDescriber> {
  const loaded = await loadNetworks(options.runtime ?? 'auto', options)
  const describer = describerOn(loaded, options)
  if (!options.warmUp) return describer
  await rehearse(loaded.networks, options.preset)
  return runWhileIdle(describer, laterRuns(loaded.networks, options.preset))
}

/** A describer on networks that are loaded; it closes them. */
export function describerOn(
  { networks, failed }: LoadedNetworks,
  { maxPixels, preset = DEFAULT_PRESET }: Pick<DescriberOptions, 'maxPixels' | 'preset'> = {},
): LoadedDescriber {
  const limits = maxPixels === undefined ? undefined : { maxPixels }
  const open = async ({ path, field }: PhotoFile) => ({
    photo: await aboutPhoto(field, openPhoto(path, limits)),
    field,
  })
  async function describe(
    files: readonly PhotoFile[],
    faces: Faces,
    watch: Stopwatch,
    limit: SearchLimit,
    onLastStep = () => {},
  ) {
    const telling: FaceNetworks = {
      ...networks,
      descriptors(chips, count) {
        if (count <= FACES_OF_LAST_STEP * chipsOf(preset)) onLastStep()
        return networks.descriptors(chips, count)
      },
    }
    return describePhotos(telling, await allInOrder(files.map(open)), faces, watch, preset, limit)
  }
  let closed: Promise<void> | undefined
  return {
    runtime: networks.runtime,
    description: networks.description,
    failed,
    async describe(files, { faces, apart = false, searchFor = Number.POSITIVE_INFINITY, signal, onLastStep }) {
      if (closed) throw new Error('the engine was closed')
      const watch = new Stopwatch()
      const limit = new SearchLimit(performance.now() + searchFor)
      const photos: PhotoDescription[] = []
      const groups = apart ? files.map((file) => [file]) : [files]
      for (const group of groups) {
        signal?.throwIfAborted()
        const described = describe(group, faces, watch, limit, group === groups.at(-1) ? onLastStep : undefined)
        photos.push(...(apart ? await described.catch(refusal) : await described))
      }
      signal?.throwIfAborted()
      return { engine: networks.runtime, photos, timings: watch.timings }
    },
    readiness: () => ({ ready: true }),
    reserve: () => () => {},
    close() {
      closed ??= networks.close()
      return closed
    },
  }
}

/** A photo that cannot be used, in place of its description; any other error is thrown on. */
function refusal(error: unknown): PhotoDescription[] {
  if (error instanceof FaceError) return [{ code: error.code, message: error.message }]
  throw error
}
