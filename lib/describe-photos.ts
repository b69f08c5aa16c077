import type { Faces } from '../schemas/compare.js'
import { analysePhotos } from './face/analyse-photos.js'
import type { PhotoToAnalyse } from './face/photo-look.js'
import { takePrint } from './face/photo-print.js'
import type { PresetName } from './face/presets.js'
import type { SearchLimit } from './face/search-limit.js'
import type { PhotoDescription } from './face-describer.js'
import { giveUp } from './kernels/kept-pictures.js'
import { packDescriptor } from './packed-descriptor.js'
import { reportPhoto } from './photo-report.js'
import type { FaceNetworks } from './runtime/face-networks.js'
import type { Stopwatch } from './stopwatch.js'

/**
 * What is to be said of photos that were opened, all described together.
 * @param watch given a lap for each phase
 * @param limit shared with the other photos of the same comparison in this process
 * @throws FaceError when a photo cannot be used
 */
export async function describePhotos(
  networks: FaceNetworks,
  photos: readonly PhotoToAnalyse[],
  faces: Faces,
  watch: Stopwatch,
  preset?: PresetName,
  limit?: SearchLimit,
): Promise<PhotoDescription[]> {
  const analyses = await analysePhotos(networks, photos, faces, watch, preset, limit)
  const described = analyses.map((photo) =>
    photo.candidates.map((face) => ({
      report: reportPhoto(photo, face),
      descriptor: packDescriptor(face.descriptor),
      print: Buffer.from(takePrint(face.patch, face.points)).toString('base64'),
    })),
  )
  for (const { candidates } of analyses) for (const { patch } of candidates) giveUp(patch.image)
  watch.lap('describe')
  return described
}
