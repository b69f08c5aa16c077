import { aboutPhoto, type PhotoField } from '../errors.js'
import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import type { Stopwatch } from '../stopwatch.js'
import { inLight, type Lighting } from './even-light.js'
import { cutFacePatch, type FacePatch } from './face-patch.js'
import { type Landmarks, locateLandmarks } from './landmarks.js'
import { type Choice, orderFaces } from './main-face.js'
import { type Detection, scaleDetection } from './non-maximum-suppression.js'

/** Most faces of one photo that are described to find the best pair. */
const MOST_TRIED = 8
/**
 * Landmarks that disagree with themselves by more than this, in eye distances, are not of a face seen well. Such a face is
 * not tried beside the main one: descriptors of what is no face are like each other.
 */
const LARGEST_SHIFT_TRIED = 0.1

export interface PhotoToAnalyse {
  readonly photo: Photo
  /** What an error about this photo names. */
  readonly field?: PhotoField
}

/** A photo that was decoded as small as will do. */
export interface PreviewedPhoto extends PhotoToAnalyse {
  readonly preview: RgbImage
  /** Preview pixels per photo pixel. */
  readonly scale: number
}

/** A photo with its faces, in pixels of the photo; the main face is the first. */
export interface SeenPhoto extends PreviewedPhoto {
  /** How it is to be lit for its faces to show; undefined: as it was taken. */
  readonly lighting?: Lighting
  readonly faces: readonly Detection[]
  readonly chosen: Choice
}

/** A face of a photo. All positions are in pixels of the upright photo. */
export interface LocatedDetection extends Detection, Landmarks {
  readonly patch: FacePatch
}

/** A photo with its faces, and the landmarks of those that may count. */
export interface PhotoLook {
  readonly seen: SeenPhoto
  readonly located: readonly LocatedDetection[]
}

/** @param found in pixels of the preview */
export function withFaces(
  photo: PhotoToAnalyse & Pick<SeenPhoto, 'preview' | 'scale' | 'lighting'>,
  found: readonly Detection[],
): SeenPhoto {
  const { ordered, chosen } = orderFaces(found, photo.preview)
  return { ...photo, faces: ordered.map((face) => scaleDetection(face, 1 / photo.scale)), chosen }
}

/** The main face of each photo with its landmarks, or its first few faces. */
export async function locateAll(
  networks: FaceNetworks,
  seen: readonly SeenPhoto[],
  several: boolean,
  watch: Stopwatch,
): Promise<PhotoLook[]> {
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
  return seen.map((photo, i) => ({ seen: photo, located: located.filter((face) => face.photo === i) }))
}
