import { type Pair, type PairList, readPairs, takePairs } from './lfw-pairs.js'
import { findPhotos, type PhotoFile } from './photo-files.js'
import type { SuiteOptions } from './suites/suite.js'

/** The pairs a suite takes and the photos in them. */
export interface PairSet {
  readonly list: PairList
  readonly photos: readonly PhotoFile[]
}

/**
 * Reads the set a suite is run on.
 * @param quickLimit pairs of a kind in each fold of a quick look
 * @param isWanted which of the pairs; default: all
 */
export async function readPairSet(
  { images, pairs, limit, quick }: SuiteOptions,
  quickLimit: number,
  isWanted: (pair: Pair) => boolean = () => true,
): Promise<PairSet> {
  const taken = takePairs(await readPairs(pairs), quick ? Math.min(quickLimit, limit) : limit)
  const list = { ...taken, pairs: taken.pairs.filter(isWanted) }
  return { list, photos: await findPhotos(list, images) }
}
