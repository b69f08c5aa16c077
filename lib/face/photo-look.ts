import { aboutPhoto, type PhotoField } from '../errors.js'
import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import type { Stopwatch } from '../stopwatch.js'
import { groupDoubles, maybeDoubles, surestOf } from './doubles.js'
import { inLight, type Lighting } from './even-light.js'
import { cutFacePatch, type FacePatch } from './face-patch.js'
import { type Landmarks, locateLandmarks } from './landmarks.js'
import { type Choice, nearlyAsHeavy, orderByLandmarks, orderFaces } from './main-face.js'
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

/**
 * The main face of each photo with its landmarks, or its first few faces. Where the boxes leave open which face is the main one, or
 * whether two of them lie on one face, the landmarks decide.
 */
export async function locateAll(
  networks: FaceNetworks,
  seen: readonly SeenPhoto[],
  several: boolean,
  watch: Stopwatch,
): Promise<PhotoLook[]> {
  const most = several ? MOST_TRIED : 1
  const cut = seen.map(({ photo, field, preview, scale, lighting, faces }) => {
    const needed = [
      ...new Set([...faces.slice(0, most), ...nearlyAsHeavy(faces, photo), ...maybeDoubles(faces)]),
    ].slice(0, MOST_TRIED)
    return needed.map(async (face) => {
      const patch = await aboutPhoto(field, cutFacePatch(several ? undefined : photo, preview, scale, face.box))
      const { image } = patch
      return {
        ...face,
        patch: lighting ? { ...patch, image: inLight(image, lighting), taken: image } : patch,
        seenAs: face,
      }
    })
  })
  const patched = (await Promise.all(cut.map((faces) => Promise.all(faces)))).flatMap((faces, photo) =>
    faces.map((face) => ({ ...face, photo })),
  )
  watch.lap('decode')
  const landmarks = await locateLandmarks(networks, patched)
  watch.lap('landmarks')
  const located = patched.map((face, i) => ({ ...face, ...landmarks[i] }))
  return seen.map((photo, i) => {
    const ofPhoto = located.filter((face) => face.photo === i)
    const distinct = settleFaces(photo, ofPhoto)
    const ranked = distinct.faces.slice(0, most).flatMap((face) => ofPhoto.filter(({ seenAs }) => seenAs === face))
    return { seen: distinct, located: ranked.filter((face, rank) => rank === 0 || isSeenWell(face)) }
  })
}

/**
 * A photo in which the surest of the boxes that have the same landmarks counts for all of them, and of faces that are nearly as
 * heavy the one that is the heaviest by its landmarks comes first.
 */
function settleFaces(
  photo: SeenPhoto,
  located: readonly (LocatedDetection & { readonly seenAs: Detection })[],
): SeenPhoto {
  const standIns = new Map<Detection, Detection[]>()
  for (const group of groupDoubles(located)) {
    const surest = surestOf(group)
    group.forEach(({ seenAs }, place) => {
      standIns.set(seenAs, place === 0 ? [surest.seenAs] : [])
    })
  }
  const faces = photo.faces.flatMap((face) => standIns.get(face) ?? [face])
  const known = new Map(located.filter(isSeenWell).map(({ seenAs, points }) => [seenAs, points]))
  const { ordered, chosen } = orderByLandmarks(faces, photo.chosen, (face) => known.get(face), photo.photo)
  return { ...photo, faces: ordered, chosen }
}

function isSeenWell({ shift }: Landmarks): boolean {
  return shift <= LARGEST_SHIFT_TRIED
}
