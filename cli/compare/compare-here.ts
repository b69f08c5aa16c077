import { comparingEngine, readStandard, type StandardOptions } from '../../lib/comparing-engine.js'
import { FaceError, type PhotoField, UnavailableError } from '../../lib/errors.js'
import type { DescribeOptions, Description, FaceDescriber, PhotoFile } from '../../lib/face-describer.js'
import type { DescriberOptions } from '../../lib/load-describer.js'
import { DescriberPool, type PoolOptions } from '../../lib/pool/describer-pool.js'
import { usableCpus } from '../../lib/pool/usable-cpus.js'
import { Problem } from '../../lib/problem.js'
import { type Comparer, Refusal, type Wishes } from './comparer.js'

export type LocalOptions = DescriberOptions & StandardOptions & Pick<PoolOptions, 'timeout' | 'workerMemory'>

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

/** @throws Error when no process is ready, and why: one that tries again and again is for a service */
async function startPool(options: LocalOptions, workers: number): Promise<FaceDescriber> {
  const { runtime, preset, precision, maxPixels, timeout, workerMemory } = options
  const pool = new DescriberPool({ runtime, preset, precision, maxPixels, timeout, workerMemory, workers })
  await pool.started()
  const readiness = pool.readiness()
  if (readiness.ready) return pool
  await pool.close()
  throw new Error(readiness.reason)
}

/**
 * What the photos are to blame for, as the service would answer it; and what ended a process, with the reason, which a service
 * has in its log.
 * @param field the photo that was looked at, where that is known: of a pair it may have been either
 */
function asRefusal(error: unknown, field?: PhotoField): unknown {
  if (error instanceof FaceError) return new Refusal(new Problem(error.code, error.message, error).toJSON())
  if (!(error instanceof UnavailableError)) return error
  const { code, message, cause } = error
  if (code === 'not_ready') return new Error(cause)
  const detail = code === 'process_died' ? `The comparison broke off: its process ${cause}.` : message
  return new Refusal(new Problem(code, detail, { field }).toJSON())
}

/** A describer that is asked about pairs whose first photo is always the same, and looks at that one once. */
function describeFirstOnce(describer: FaceDescriber): FaceDescriber {
  let described: Promise<Description> | undefined
  const describeAlone = (photo: PhotoFile, options: DescribeOptions) =>
    describer.describe([photo], options).catch((error: unknown) => {
      throw asRefusal(error, photo.field)
    })
  return {
    runtime: describer.runtime,
    description: describer.description,
    failed: describer.failed,
    async describe([first, second], options) {
      described ??= describeAlone(first, options)
      const { photos } = await described
      const description = await describeAlone(second, options)
      return { ...description, photos: [...photos, ...description.photos] }
    },
    readiness: () => describer.readiness(),
    reserve: () => describer.reserve(),
    close: () => describer.close(),
  }
}
