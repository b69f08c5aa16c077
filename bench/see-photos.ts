import type { PresetName } from '../lib/face/presets.js'
import { askWorkers } from './ask-workers.js'
import type { PhotoContract } from './photo-worker.js'
import type { SuiteOptions } from './suites/suite.js'

export type { SeenFace } from './photo-worker.js'
export type PhotoRequest = PhotoContract['request']
export type PhotoAnswer = PhotoContract['answer']

/**
 * Changes photos and sees their main faces with the service's own pipeline; throws what `askWorkers` does.
 * @param presets by which each face is described
 */
export function seePhotos(
  requests: readonly PhotoRequest[],
  { runtime, preset, processes }: Pick<SuiteOptions, 'runtime' | 'preset' | 'processes'>,
  signal: AbortSignal,
  presets: readonly PresetName[] = [preset],
): Promise<{ answers: PhotoAnswer[]; ready: PhotoContract['ready'] }> {
  const script = new URL('./photo-worker.js', import.meta.url)
  return askWorkers<PhotoContract>(script, [runtime, presets.join()], requests, processes, signal)
}
