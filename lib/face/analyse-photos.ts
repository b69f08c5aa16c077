import type { Faces } from '../../schemas/compare.js'
import { aboutPhoto, FaceError, type PhotoField } from '../errors.js'
import type { Photo } from '../image/photo.js'
import { previewSide } from '../image/preview-side.js'
import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { Stopwatch } from '../stopwatch.js'
import { describeFaces, type FaceDescription } from './descriptors.js'
import { evenLight, inLight, type Lighting, LitPhoto } from './even-light.js'
import { cutFacePatch, type FacePatch } from './face-patch.js'
import { findFaces } from './find-faces.js'
import { type Point, scaleSquare } from './geometry.js'
import { locateLandmarks, uprightSquare } from './landmarks.js'
import { isDoubtful, plausibility, SURE_PLAUSIBILITY } from './look.js'
import { lookAgain } from './look-again.js'
import { type Choice, orderFaces } from './main-face.js'
import { type Detection, scaleDetection } from './non-maximum-suppression.js'
import { DEFAULT_PRESET, type PresetName } from './presets.js'
import { SearchLimit } from './search-limit.js'
import { plainView } from './view.js'

/**
 * Longer side, in pixels, that a photo is decoded to, whichever between is cheapest: enough for the detector's largest size
 * and for the chip of any face wider than a sixth of the photo; smaller faces are read again at full resolution.
 */
export const PREVIEW_SIDE = { least: 800, most: 1024 }
/** The same where many faces are described: they are all cut out of this, so that the photo is decoded only once. */
const GROUP_PREVIEW_SIDE = { least: 2048, most: 2048 }
/** Most faces of one photo that are described to find the best pair. */
const MOST_TRIED = 8
/**
 * Landmarks that disagree with themselves by more than this, in eye distances, are not of a face seen well. Such a face is
 * not tried beside the main one: descriptors of what is no face are like each other.
 */
const LARGEST_SHIFT_TRIED = 0.1

/** A face of a photo. All positions are in pixels of the upright photo. */
export interface LocatedDetection extends Detection {
  readonly patch: FacePatch
  /** The 68 landmarks. */
  readonly points: readonly Point[]
  /** How far the landmarks disagree with themselves, in eye distances. */
  readonly shift: number
  /** How far the landmarks moved until they agreed, in eye distances. */
  readonly drift: number
}

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

export interface PhotoToAnalyse {
  readonly photo: Photo
  /** What an error about this photo names. */
  readonly field?: PhotoField
}

/** A photo with its faces, in pixels of the photo; the main face is the first. */
interface SeenPhoto extends PhotoToAnalyse {
  readonly preview: RgbImage
  /** Preview pixels per photo pixel. */
  readonly scale: number
  /** How it is to be lit for its faces to show; undefined: as it was taken. */
  readonly lighting?: Lighting
  readonly faces: readonly Detection[]
  readonly chosen: Choice
}

/**
 * Finds, aligns and describes the faces of each photo that may count; every network runs once for all photos together.
 * @param watch given a lap for each phase
 * @param limit shared with other photos of the same comparison
 * @throws FaceError `no_face`, or `several_faces` where `faces` is `single`; `damaged_image` when a photo breaks off
 */
export async function analysePhotos(
  networks: FaceNetworks,
  photos: readonly PhotoToAnalyse[],
  faces: Faces,
  watch = new Stopwatch(),
  preset: PresetName = DEFAULT_PRESET,
  limit = new SearchLimit(),
): Promise<PhotoAnalysis[]> {
  const several = faces === 'any'
  const first = await seeFaces(networks, photos, faces, watch)
  const located = await locateSeen(networks, first, several, watch)
  const seen = await Promise.all(
    first.map(async (photo, i) => {
      const better = await seeAgain(networks, photo, located[i][0], faces, limit)
      watch.lap('detect')
      if (better) [located[i]] = await locateSeen(networks, [better], several, watch)
      checkFaces(better ?? photo, faces)
      return better ?? photo
    }),
  )
  const described = await describeLocated(networks, located, preset)
  watch.lap('describe')
  return seen.map(({ photo: { width, height }, faces: all, chosen }, i) => ({
    width,
    height,
    faces: all,
    chosen: faces === 'any' && all.length > 1 ? 'best_pair' : chosen,
    candidates: described[i],
  }))
}

async function seeFaces(
  networks: FaceNetworks,
  photos: readonly PhotoToAnalyse[],
  faces: Faces,
  watch: Stopwatch,
): Promise<SeenPhoto[]> {
  const { least, most } = faces === 'any' ? GROUP_PREVIEW_SIDE : PREVIEW_SIDE
  const previews = await Promise.all(
    photos.map(({ photo, field }) => {
      const side = previewSide(Math.max(photo.width, photo.height), least, most)
      return aboutPhoto(field, photo.preview(side))
    }),
  )
  watch.lap('decode')
  const images = previews.map(({ image }) => image)
  const found = await findFaces(networks, images.map(plainView), faces !== 'largest')
  watch.lap('detect')
  return photos.map((photo, i) =>
    withFaces({ ...photo, preview: previews[i].image, scale: previews[i].scale }, found[i]),
  )
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

/** @param found in pixels of the preview */
function withFaces(
  photo: PhotoToAnalyse & Pick<SeenPhoto, 'preview' | 'scale' | 'lighting'>,
  found: readonly Detection[],
): SeenPhoto {
  const { ordered, chosen } = orderFaces(found, photo.preview)
  return { ...photo, faces: ordered.map((face) => scaleDetection(face, 1 / photo.scale)), chosen }
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

/** The main face of each photo with its landmarks, or its first few faces. */
async function locateSeen(
  networks: FaceNetworks,
  seen: readonly SeenPhoto[],
  several: boolean,
  watch: Stopwatch,
): Promise<LocatedDetection[][]> {
  const cut = seen.map(({ photo, field, preview, scale, lighting, faces }) =>
    faces.slice(0, several ? MOST_TRIED : 1).map(async (face) => {
      const patch = await aboutPhoto(field, cutFacePatch(several ? undefined : photo, preview, scale, face.box))
      const { image } = patch
      return { ...face, patch: lighting ? { ...patch, image: inLight(image, lighting), taken: image } : patch }
    }),
  )
  const patched = (await Promise.all(cut.map((faces) => Promise.all(faces)))).flatMap((faces, photo) =>
    faces.map((face, rank) => ({ ...face, photo, rank })),
  )
  watch.lap('decode')
  const landmarks = await locateLandmarks(networks, patched)
  watch.lap('landmarks')
  const located = patched
    .map((face, i) => ({ ...face, ...landmarks[i] }))
    .filter(({ rank, shift }) => rank === 0 || shift <= LARGEST_SHIFT_TRIED)
  return seen.map((_, i) => located.filter(({ photo }) => photo === i))
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
