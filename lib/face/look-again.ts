import type { Photo } from '../image/photo.js'
import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { findFaces, findFacesAt } from './find-faces.js'
import { boxCentre, distance, type Point } from './geometry.js'
import { judgeLooks, type Look, SURE_PLAUSIBILITY } from './look.js'
import { lookCloser } from './look-closer.js'
import type { Detection } from './non-maximum-suppression.js'
import type { SearchLimit } from './search-limit.js'
import { plainView, turnedView, type View } from './view.js'

/** A face that is less plausible does not count, where it was not found in the photo as it is. */
const LEAST_PLAUSIBILITY = 0.3

/**
 * How much more plausible another view has to be than the photo as it is. Of 120 photos turned by 60 to 270 degrees the right
 * view was so by 0.4 or more wherever a face was doubtful; the upright photos of lfw-dev that were turned wrongly had at most 0.3.
 */
const CLEARLY_MORE = 0.35
/** A view this plausible is taken in any case: of 2,115 faces seen lying wrong none was more plausible than 0.63. */
const BEYOND_DOUBT = 0.75

/** Side of what is shown of a face to see it straight, in sides of its upright square. */
const NEAR = 2
/** Landmarks that are further from agreeing do not tell which way is up. */
const WORTH_STRAIGHTENING = -4
/** The detector's size for turned views: the smallest, which is the cheapest. */
const VIEW_SIZE = 128
const QUARTER = Math.PI / 2

/** What is tried, one step after another, until a plausible face is found: the detector finds faces up to 45 degrees askew. */
const STEPS: readonly (readonly { readonly turn: number; readonly reach: number }[])[] = [
  [1, 2, 3].map((quarters) => ({ turn: quarters * QUARTER, reach: 1 })),
  [
    // A face that fills the picture, from farther off.
    { turn: 0, reach: 1.5 },
    ...[0.5, 1.5, 2.5, 3.5].map((quarters) => ({ turn: quarters * QUARTER, reach: 1 })),
  ],
]

type KnownFace = Pick<Look, 'plausibility' | 'upright'>

/** A photo whose main face is doubtful. */
export interface PhotoToLookAt {
  readonly photo: Photo
  /** The photo made smaller. */
  readonly preview: RgbImage
  /** Whether it is shown otherwise than before, so that it is worth to look at it as it stands too. */
  readonly changed: boolean
  /** The main face found so far: how plausible it is, and where its landmarks stand upright; undefined where there is none. */
  readonly known: KnownFace | undefined
  /** Whether smaller faces beside the main one are looked for too. */
  readonly everySize: boolean
}

/**
 * Looks for faces in a photo turned about its centre, and from farther off; where none is plausible, closer and closer. A face
 * that is known and likely is only compared with the photo's quarter turns.
 * @returns the faces of the view whose main face is the most plausible, in pixels of the preview; undefined where none is
 * plausible enough
 */
export async function lookAgain(
  networks: FaceNetworks,
  { photo, preview, changed, known, everySize }: PhotoToLookAt,
  limit: SearchLimit,
): Promise<readonly Detection[] | undefined> {
  const more = known ? Math.min(known.plausibility + CLEARLY_MORE, BEYOND_DOUBT) : LEAST_PLAUSIBILITY
  const least = Math.max(LEAST_PLAUSIBILITY, more)
  let best: SeenLook | undefined
  const consider = (looks: readonly SeenLook[]) => {
    for (const look of looks) if (look.plausibility > (best?.plausibility ?? least)) best = look
    return best !== undefined && best.plausibility >= SURE_PLAUSIBILITY && !best.doubtful
  }
  const likely = known !== undefined && known.plausibility >= SURE_PLAUSIBILITY
  const tried = [
    ...(changed ? [() => lookThrough(networks, plainView(preview), everySize)] : []),
    ...(likely ? STEPS.slice(0, 1) : STEPS).map((step, i) => async () => [
      // Together with the quarters, as a face upside down is plausible too when it is seen from near.
      ...(known && i === 0 ? await straighten(networks, preview, [known]) : []),
      ...(await lookFrom(networks, preview, step)),
    ]),
    ...(likely ? [] : [() => lookCloser(networks, photo, preview, known === undefined && best === undefined, limit)]),
  ]
  for (const look of tried) if (limit.isOver || consider(await look())) break
  return best && settle(networks, best, everySize)
}

interface SeenLook extends Look {
  /** The view, if it was looked at with the smallest size alone. */
  readonly view?: View
}

/** The faces of a turned view as they would be found in an upright photo: the smallest size alone may show somebody beside. */
async function settle(networks: FaceNetworks, best: SeenLook, everySize: boolean) {
  if (best.view === undefined) return best.faces
  const [look] = await lookThrough(networks, best.view, everySize)
  return look && look.plausibility >= LEAST_PLAUSIBILITY ? look.faces : best.faces
}

/** What is seen in a view that is looked at as an upright photo is; nothing where it shows no face. */
async function lookThrough(networks: FaceNetworks, view: View, everySize: boolean): Promise<Look[]> {
  const found = await findFaces(networks, [view], everySize)
  return judgeLooks(
    networks,
    view.image,
    found.filter((faces) => faces.length > 0),
  )
}

/**
 * Looks at the main face of each look once more, from near and turned as its landmarks say, which makes up for what is left
 * of its turn: eighths of a circle are too coarse for some faces, and landmarks can be right where the box is not.
 */
async function straighten(networks: FaceNetworks, image: RgbImage, looks: readonly KnownFace[]): Promise<SeenLook[]> {
  const squares = looks
    .filter(({ plausibility }) => plausibility >= WORTH_STRAIGHTENING)
    .map(({ upright }) => ({ ...upright, side: NEAR * upright.side }))
  const views = squares.map((square) => ({ image, square }))
  const found = await findFacesAt(networks, views, VIEW_SIZE)
  const seen = found.flatMap((faces, i) => (faces.length > 0 ? [[nearest(faces, squares[i].centre)]] : []))
  const straight = await judgeLooks(networks, image, seen)
  return straight.map((look) => ({ ...look, view: turnedView(image, look.upright.turn, 1) }))
}

function nearest(faces: readonly Detection[], { x, y }: Point): Detection {
  const distanceOf = ({ box }: Detection) => distance(boxCentre(box), { x, y })
  return faces.reduce((best, face) => (distanceOf(face) < distanceOf(best) ? face : best))
}

/** What is seen of a picture from each side that shows a face at all. */
async function lookFrom(networks: FaceNetworks, image: RgbImage, step: (typeof STEPS)[number]): Promise<SeenLook[]> {
  const views = step.map(({ turn, reach }) => turnedView(image, turn, reach))
  const found = await findFacesAt(networks, views, VIEW_SIZE)
  const seen = found.flatMap((faces, i) => (faces.length > 0 ? [{ view: views[i], faces }] : []))
  const looks = await judgeLooks(
    networks,
    image,
    seen.map(({ faces }) => faces),
  )
  const straight = await straighten(networks, image, looks)
  return [...looks.map((look, i) => ({ ...look, view: seen[i].view })), ...straight]
}
