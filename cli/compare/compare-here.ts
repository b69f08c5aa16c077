import { comparingEngine, readStandard, type StandardOptions } from '../../lib/comparing-engine.js'
import { FaceError, UnavailableError } from '../../lib/errors.js'
import type { Description, FaceDescriber } from '../../lib/face-describer.js'
import type { DescriberOptions } from '../../lib/load-describer.js'
import { DescriberPool } from '../../lib/pool/describer-pool.js'
import { usableCpus } from '../../lib/pool/usable-cpus.js'
import { Problem } from '../../lib/problem.js'
import { type Comparer, Refusal, type Wishes } from './comparer.js'

export type LocalOptions = DescriberOptions & StandardOptions

/** A process more takes about as long to start as so many photos take to be described. */
const PHOTOS_A_PROCESS = 50

/**
 * Loads the networks, to compare on this machine: in a process of their own, for many photos in several. So a photo that ends
 * its process ends no more than its own comparison, and what TensorFlow writes to say that it was loaded is kept out.
 * @param photos how many are to be compared with the reference photo, which is described once
 */
export async function compareHere(
  reference: string,
  wishes: Wishes,
  options: LocalOptions,
  photos: number,
): Promise<Comparer> {
  const standard = await readStandard(options)
  const processes = Math.max(1, Math.min(usableCpus(), Math.floor(photos / PHOTOS_A_PROCESS)))
  const describer = await startPool(options, processes)
  const engine = comparingEngine(photos > 1 ? describeFirstOnce(describer) : describer, standard)
  return {
    // Each process has one photo in hand and one that waits.
    atATime: 2 * processes,
    async compare(live) {
      try {
        return await engine.compare(reference, live, wishes)
      } catch (error) {
        throw asRefusal(error)
      }
    },
    close: () => engine.close(),
  }
}

async function startPool(options: LocalOptions, workers: number): Promise<FaceDescriber> {
  const { runtime, preset, precision, maxPixels } = options
  const pool = new DescriberPool({ runtime, preset, precision, maxPixels, workers })
  await pool.started()
  return pool
}

/** What the photos are to blame for, and a process that died of one, as the service would answer it. */
function asRefusal(error: unknown): unknown {
  if (error instanceof FaceError) return new Refusal(new Problem(error.code, error.message, error).toJSON())
  if (!(error instanceof UnavailableError)) return error
  return new Refusal(new Problem(error.code, error.message, { field: 'live_image' }).toJSON())
}

/** A describer that is asked about pairs whose first photo is always the same, and looks at that one once. */
function describeFirstOnce(describer: FaceDescriber): FaceDescriber {
  let described: Promise<Description> | undefined
  return {
    runtime: describer.runtime,
    description: describer.description,
    failed: describer.failed,
    async describe([first, second], options) {
      described ??= describer.describe([first], options)
      const { photos } = await described
      const description = await describer.describe([second], options)
      return { ...description, photos: [...photos, ...description.photos] }
    },
    readiness: () => describer.readiness(),
    reserve: () => describer.reserve(),
    close: () => describer.close(),
  }
}
