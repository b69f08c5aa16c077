import type { Faces } from '../../schemas/compare.js'
import { allInOrder } from '../all-in-order.js'
import { aboutPhoto, type PhotoField } from '../errors.js'
import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import type { Stopwatch } from '../stopwatch.js'
import { groupDoubles, maybeDoubles, surestOf } from './doubles.js'
import { inLight, type Lighting } from './even-light.js'
import { cutFacePatch, type FacePatch, isLargeEnough } from './face-patch.js'
import { type Landmarks, locateLandmarks } from './landmarks.js'
import { isDoubtful, isSteady } from './look.js'
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
 * whether two of them lie on one face, the landmarks decide: all that may count are cut out of the preview then, as to cut one
 * out of the photo decodes it once more, and only the main one afterwards out of the photo.
 */
export async function locateAll(
  networks: FaceNetworks,
  seen: readonly SeenPhoto[],
  which: Faces,
  watch: Stopwatch,
): Promise<PhotoLook[]> {
  const several = which === 'any'
  const most = several ? MOST_TRIED : 1
  const needed = seen.map(({ photo, faces }) => {
    // Where several are refused it does not matter which of them is the main one.
    const rivals = which === 'single' ? [] : nearlyAsHeavy(faces, photo)
    return [...new Set([...faces.slice(0, most), ...rivals, ...maybeDoubles(faces)])].slice(0, MOST_TRIED)
  })
  const wanted = seen.flatMap((photo, i) => {
    const closely = !several && needed[i].length === 1
    return needed[i].map((face) => ({ photo, face, closely }))
  })
  const located = await locateFaces(networks, wanted, watch)
  const settled = seen.map((photo) => settleFaces(photo, located, which))
  const closer = settled.flatMap((photo, i) => {
    const [main] = photo.faces
    if (needed[i].length <= 1) return []
    const closely = !several && !isLargeEnough(photo.scale, main.box)
    return closely || !located.has(main) ? [{ photo, face: main, closely }] : []
  })
  for (const [face, seenCloser] of await locateFaces(networks, closer, watch)) located.set(face, seenCloser)
  return settled.map((photo) => {
    const ranked = photo.faces.slice(0, most).flatMap((face) => located.get(face) ?? [])
    return { seen: photo, located: ranked.filter((face, rank) => rank === 0 || isSeenWell(face)) }
  })
}

interface FaceToCut {
  readonly photo: SeenPhoto
  readonly face: Detection
  /** Whether to cut it out of the photo itself where the preview shows it too small. */
  readonly closely: boolean
}

async function locateFaces(
  networks: FaceNetworks,
  wanted: readonly FaceToCut[],
  watch: Stopwatch,
): Promise<Map<Detection, LocatedDetection>> {
  const patched = await allInOrder(
    wanted.map(async ({ photo: { photo, field, preview, scale, lighting }, face, closely }) => {
      const patch = await aboutPhoto(field, cutFacePatch(closely ? photo : undefined, preview, scale, face.box))
      const { image } = patch
      return { ...face, patch: lighting ? { ...patch, image: inLight(image, lighting), taken: image } : patch }
    }),
  )
  watch.lap('decode')
  const landmarks = await locateLandmarks(networks, patched)
  watch.lap('landmarks')
  return new Map(wanted.map(({ face }, i) => [face, { ...patched[i], ...landmarks[i] }]))
}

/**
 * A photo in which the surest of the boxes that have the same landmarks counts for all of them, and of faces that are nearly as
 * heavy the one that is the heaviest by its landmarks comes first. Where several faces are refused, boxes are taken for one
 * only if there is no doubt: landmarks looked for in a box that lies between two people may end on either.
 */
function settleFaces(photo: SeenPhoto, located: ReadonlyMap<Detection, LocatedDetection>, which: Faces): SeenPhoto {
  if (photo.faces.length <= 1) return photo
  const known = photo.faces.flatMap((face) => {
    const seen = located.get(face)
    return seen ? [{ ...seen, seenAs: face }] : []
  })
  const standIns = new Map<Detection, Detection[]>()
  for (const group of groupDoubles(known, which === 'single' ? isSteady : undefined)) {
    const surest = surestOf(group)
    group.forEach(({ seenAs }, place) => {
      standIns.set(seenAs, place === 0 ? [surest.seenAs] : [])
    })
  }
  const distinct = photo.faces.flatMap((face) => standIns.get(face) ?? [face])
  const { faces, chosen } = distinct.length < photo.faces.length ? orderAnew(photo, distinct) : photo
  const seenWell = new Map(known.filter(isSeenWell).map((face) => [face.seenAs, face]))
  const sure = new Set(known.filter((face) => !isDoubtful(face)).map(({ seenAs }) => seenAs))
  const pointsOf = (face: Detection) => seenWell.get(face)?.points
  const settled = orderByLandmarks(faces, chosen, pointsOf, (face) => sure.has(face), photo.photo)
  return { ...photo, faces: settled.ordered, chosen: settled.chosen }
}

/** Some of the faces of a photo in the order they have by themselves: what was the sharper of two may have been its double. */
function orderAnew({ preview, scale }: SeenPhoto, faces: readonly Detection[]): Pick<SeenPhoto, 'faces' | 'chosen'> {
  const inPreview = new Map(faces.map((face) => [scaleDetection(face, scale), face]))
  const { ordered, chosen } = orderFaces([...inPreview.keys()], preview)
  return { faces: ordered.map((face) => inPreview.get(face)!), chosen }
}

function isSeenWell({ shift }: Landmarks): boolean {
  return shift <= LARGEST_SHIFT_TRIED
}
