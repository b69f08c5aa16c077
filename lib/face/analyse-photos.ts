import type { Faces } from '../../schemas/compare.js'
import { allInOrder } from '../all-in-order.js'
import { aboutPhoto, FaceError } from '../errors.js'
import { previewSide } from '../image/preview-side.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { Stopwatch } from '../stopwatch.js'
import { describeFaces, type FaceDescription } from './descriptors.js'
import { evenLight, inLight, LitPhoto } from './even-light.js'
import { lookAtPhotos } from './first-look.js'
import { scaleSquare } from './geometry.js'
import { uprightSquare } from './landmarks.js'
import { isDoubtful, plausibility, SURE_PLAUSIBILITY } from './look.js'
import { lookAgain } from './look-again.js'
import type { Choice } from './main-face.js'
import type { Detection } from './non-maximum-suppression.js'
import {
  type LocatedDetection,
  locateAll,
  type PhotoLook,
  type PhotoToAnalyse,
  type PreviewedPhoto,
  type SeenPhoto,
  withFaces,
} from './photo-look.js'
import { DEFAULT_PRESET, type PresetName } from './presets.js'
import { SearchLimit } from './search-limit.js'

/**
 * Longer side, in pixels, that a photo is decoded to, whichever between is cheapest: enough for the detector's largest size
 * and for the chip of any face wider than a sixth of the photo; smaller faces are read again at full resolution.
 */
export const PREVIEW_SIDE = { least: 800, most: 1024 }
/** The same where many faces are described: they are all cut out of this, so that the photo is decoded only once. */
const GROUP_PREVIEW_SIDE = { least: 2048, most: 2048 }
/** A face that can be compared. */
export interface AnalysedFace extends LocatedDetection, FaceDescription {}

/** A photo and the faces in it. */
export interface PhotoAnalysis {
  readonly width: number
  readonly height: number
  /** All that were found, from the largest near the middle on. */
  readonly faces: readonly Detection[]
  /** Why the face counts that does. */
  readonly chosen: Choice
  /** Faces that may count, at least one: the main one, and with `any` a few more, of which another photo decides. */
  readonly candidates: readonly AnalysedFace[]
}

/**
 * Finds, aligns and describes the faces of each photo that may count; every network runs once for all photos together.
 * @param watch given a lap for each phase
 * @param limit shared with the other photos of the same comparison in this process
 * @throws FaceError `no_face`, or `several_faces` where `faces` is `single`; `damaged_image` when a photo breaks off; of several such
 *   photos, about the first
 */
export async function analysePhotos(
  networks: FaceNetworks,
  photos: readonly PhotoToAnalyse[],
  faces: Faces,
  watch = new Stopwatch(),
  preset: PresetName = DEFAULT_PRESET,
  limit = new SearchLimit(),
): Promise<PhotoAnalysis[]> {
  const previewed = await previewPhotos(photos, faces, watch)
  const looks = await lookAtPhotos(networks, previewed, faces, watch)
  const settled: PhotoLook[] = []
  // One after another: what is not to be had of the first spares the others a search.
  for (const look of looks) {
    const better = await seeAgain(networks, look.seen, look.located[0], faces, limit)
    watch.lap('detect')
    const last = better ? (await locateAll(networks, [better], faces, watch))[0] : look
    checkFaces(last.seen, faces)
    settled.push(last)
  }
  const described = await describeLocated(
    networks,
    settled.map(({ located }) => located),
    preset,
  )
  watch.lap('describe')
  return settled.map(({ seen: { photo, faces: all, chosen } }, i) => ({
    width: photo.width,
    height: photo.height,
    faces: all,
    chosen: faces === 'any' && all.length > 1 ? 'best_pair' : chosen,
    candidates: described[i],
  }))
}

async function previewPhotos(
  photos: readonly PhotoToAnalyse[],
  faces: Faces,
  watch: Stopwatch,
): Promise<PreviewedPhoto[]> {
  const { least, most } = faces === 'any' ? GROUP_PREVIEW_SIDE : PREVIEW_SIDE
  const previews = await allInOrder(
    photos.map(({ photo, field }) => {
      const side = previewSide(Math.max(photo.width, photo.height), least, most)
      return aboutPhoto(field, photo.preview(side))
    }),
  )
  watch.lap('decode')
  return photos.map((photo, i) => ({ ...photo, preview: previews[i].image, scale: previews[i].scale }))
}

/**
 * The photo in better light, with its face upright, or from nearer, where the main face found so far is doubtful and such a
 * view shows a better one.
 */
async function seeAgain(
  networks: FaceNetworks,
  photo: SeenPhoto,
  main: LocatedDetection | undefined,
  faces: Faces,
  limit: SearchLimit,
): Promise<SeenPhoto | undefined> {
  if (main !== undefined && !isDoubtful(main)) return undefined
  // What is likely to stand upright was seen well enough: other light would change its descriptor.
  const likely = main !== undefined && plausibility(main) >= SURE_PLAUSIBILITY
  const lighting = likely ? undefined : evenLight(photo.preview)
  const found = await lookAgain(
    networks,
    {
      photo: lighting ? new LitPhoto(photo.photo, lighting) : photo.photo,
      preview: lighting ? inLight(photo.preview, lighting) : photo.preview,
      changed: lighting !== undefined,
      known: main && {
        plausibility: plausibility(main),
        upright: scaleSquare(uprightSquare(main.points), photo.scale),
      },
      everySize: faces !== 'largest',
    },
    limit,
  )
  return found && withFaces({ ...photo, lighting }, found)
}

function checkFaces({ faces: { length: found }, field }: SeenPhoto, faces: Faces): void {
  if (found === 0) {
    throw new FaceError(
      'no_face',
      'No face was found in this image: come closer, face the camera, use more light.',
      field,
    )
  }
  if (faces === 'single' && found > 1) {
    throw new FaceError('several_faces', `${found} faces were found in this image; exactly one is accepted.`, field)
  }
}

/** Describes the faces of all photos in one run of the network. */
async function describeLocated(
  networks: FaceNetworks,
  photos: readonly (readonly LocatedDetection[])[],
  preset: PresetName,
): Promise<AnalysedFace[][]> {
  const descriptions = await describeFaces(networks, photos.flat(), preset)
  let next = 0
  return photos.map((faces) => faces.map((face) => ({ ...face, ...descriptions[next++] })))
}
