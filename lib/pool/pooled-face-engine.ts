import { comparingEngine, readStandard } from '../comparing-engine.js'
import type { FaceEngineOptions } from '../create-face-engine.js'
import { checkPoolOptions } from '../engine-options.js'
import type { FaceEngine } from '../face-engine.js'
import { DescriberPool, type PoolOptions, type PoolStats } from './describer-pool.js'

export interface PooledFaceEngineOptions extends FaceEngineOptions, PoolOptions {}

/** A face engine whose photos are read and described in processes of their own. */
export interface PooledFaceEngine extends FaceEngine {
  stats(): PoolStats
  /** Refuses new comparisons, finishes those accepted, then ends the processes. */
  close(): Promise<void>
}

/**
 * Starts the inference processes; fulfils when each is ready, or has died at its first start (then it is tried again with
 * growing pauses, and `readiness()` tells).
 * @throws Error when a process says itself why it cannot start: a runtime that does not load, a damaged weight file
 * @throws RangeError when an option is wrong or there is none of its name, or the threshold is not above 0 and below 2
 */
export async function createPooledFaceEngine(options: PooledFaceEngineOptions = {}): Promise<PooledFaceEngine> {
  checkPoolOptions(options)
  const { falseMatchRate, threshold, samePhoto, minQuality, ...poolOptions } = options
  const standard = await readStandard({ preset: poolOptions.preset, falseMatchRate, threshold, samePhoto, minQuality })
  const pool = new DescriberPool(poolOptions)
  await pool.started()
  return Object.assign(comparingEngine(pool, standard), { stats: () => pool.stats() })
}
