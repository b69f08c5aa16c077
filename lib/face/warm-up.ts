import { LANDMARK_CROP_SIZE } from '../networks/landmarks.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { CHIP_LENGTH } from './chip.js'
import { DETECTOR_SIZES } from './find-faces.js'
import { chipsOf, DEFAULT_PRESET, type PresetName } from './presets.js'

/** The photos of one comparison; one of them, where another process has the other. */
const PHOTOS = [2, 1]

/**
 * Runs each network once as nearly every comparison does. Backends plan a network and take their memory when they first see
 * a size, which makes the first run many times slower than the next.
 */
export async function warmUp(networks: FaceNetworks, preset: PresetName = DEFAULT_PRESET): Promise<void> {
  const [size] = DETECTOR_SIZES
  for (const count of PHOTOS) {
    await networks.detect(new Float32Array(count * size * size * 3), size, count)
    await networks.landmarks(new Float32Array(count * LANDMARK_CROP_SIZE * LANDMARK_CROP_SIZE * 3), count)
    const chips = chipsOf(preset) * count
    await networks.descriptors(new Float32Array(chips * CHIP_LENGTH), chips)
  }
}

/** The runs that some comparisons need besides: the detector at larger sizes, for photos where the face is small. */
export function* rarerRuns(networks: FaceNetworks): Generator<() => Promise<unknown>> {
  for (const count of PHOTOS) {
    for (const size of DETECTOR_SIZES.slice(1)) {
      yield () => networks.detect(new Float32Array(count * size * size * 3), size, count)
    }
  }
}
