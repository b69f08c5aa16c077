import { comparingEngine, readStandard, type StandardOptions } from './comparing-engine.js'
import { checkEngineOptions } from './engine-options.js'
import type { LoadedFaceEngine } from './face-engine.js'
import { type DescriberOptions, loadDescriber } from './load-describer.js'

export interface FaceEngineOptions extends DescriberOptions, StandardOptions {}

/**
 * Loads the networks and gives an engine that compares photos in this process, one comparison after another.
 * @throws Error when the runtime does not load or a weight file is not right
 * @throws RangeError when an option is wrong or there is none of its name, the threshold is not above 0 and below 2, or the
 *   calibration does not cover the false match rate
 */
export async function createFaceEngine(options: FaceEngineOptions = {}): Promise<LoadedFaceEngine> {
  checkEngineOptions(options)
  const standard = await readStandard(options)
  const describer = await loadDescriber(options)
  return { ...comparingEngine(describer, standard), runtime: describer.runtime }
}
