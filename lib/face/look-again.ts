import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { cutFacePatch } from './face-patch.js'
import { findFaces, findFacesAt } from './find-faces.js'
import { type Landmarks, locateLandmarks } from './landmarks.js'
import { orderFaces } from './main-face.js'
import type { Detection } from './non-maximum-suppression.js'
import type { View } from './view.js'

/** A face that landmarks were looked for in. */
type Candidate = Pick<Detection, 'score'> & Pick<Landmarks, 'drift'>

/** Landmarks that drifted farther, in eye distances, are doubtful: 1 % of the upright faces of LFW, all upside-down ones. */
const MOST_DRIFT = 0.1
/** A detector score below which a face is doubtful. */
const LEAST_SCORE = 0.5
/** How much less plausible a drift of one eye distance makes a face. */
const DRIFT_WEIGHT = 3
/** A face this plausible need not be looked for any longer. */
const SURE = 0.5
/** A face that is less plausible does not count, where it was not found in the photo as it is. */
const LEAST_PLAUSIBILITY = 0.3

/**
 * How much more plausible another view has to be than the photo as it is. Of 120 photos turned by 60 to 270 degrees the right
 * view was so by 0.4 or more wherever a face was doubtful; the upright photos of lfw-dev that were turned wrongly had at most 0.3.
 */
export const CLEARLY_MORE = 0.35

/** The detector's size for turned views: the smallest, which is the cheapest. */
const VIEW_SIZE = 128
const QUARTER = Math.PI / 2

/** What is tried, one step after another, until a plausible face is found: the detector finds faces up to 45 degrees askew. */
const STEPS: readonly (readonly Omit<View, 'image'>[])[] = [
  [1, 2, 3].map((quarters) => ({ turn: quarters * QUARTER, reach: 1 })),
  [
    // A face that fills the picture, from farther off.
    { turn: 0, reach: 1.5 },
    ...[0.5, 1.5, 2.5, 3.5].map((quarters) => ({ turn: quarters * QUARTER, reach: 1 })),
  ],
]

/**
 * How sure it is that a face stands upright where it was found. The detector's score does not tell: it goes up to 0.98 for
 * faces upside down. What tells is how far the landmarks drift until they agree. For the right one of four views it is less
 * than 0.1 eye distances, for wrong ones seldom.
 */
export function plausibility({ score, drift }: Candidate): number {
  return score - DRIFT_WEIGHT * drift
}

/** Whether a photo deserves a second look, by what its main face is like. */
export function isDoubtful({ score, drift }: Candidate): boolean {
  return drift > MOST_DRIFT || score < LEAST_SCORE
}

/**
 * Looks for faces in a photo turned about its centre, and from farther off.
 * @param surest what the main face has to be more plausible than
 * @param everySize whether smaller faces beside the main one are looked for too
 * @returns the faces of the view whose main face is the most plausible; undefined where none is plausible enough
 */
export async function lookAgain(
  networks: FaceNetworks,
  image: RgbImage,
  surest: number,
  everySize: boolean,
): Promise<readonly Detection[] | undefined> {
  let best: Look | undefined
  for (const step of STEPS) {
    const looks = await lookFrom(
      networks,
      step.map((view) => ({ ...view, image })),
    )
    for (const look of looks) {
      if (look.plausibility > Math.max(surest, best?.plausibility ?? LEAST_PLAUSIBILITY)) best = look
    }
    if (best && best.plausibility >= SURE) break
  }
  if (best === undefined || !everySize) return best?.faces
  const [all] = await findFaces(networks, [best.view], true)
  return all
}

/** What a view shows. */
interface Look {
  readonly view: View
  readonly faces: readonly Detection[]
  /** Of the main face. */
  readonly plausibility: number
}

/** What each view shows, where it shows a face at all. */
async function lookFrom(networks: FaceNetworks, views: readonly View[]): Promise<Look[]> {
  const found = await findFacesAt(networks, views, VIEW_SIZE)
  const seen = found.flatMap((faces, i) => (faces.length > 0 ? [{ view: views[i], faces }] : []))
  if (seen.length === 0) return []
  const mains = await Promise.all(
    seen.map(async ({ view: { image }, faces }) => {
      const [main] = orderFaces(faces, image).ordered
      return { ...main, patch: await cutFacePatch(undefined, image, 1, main.box) }
    }),
  )
  const landmarks = await locateLandmarks(networks, mains)
  return seen.map((look, i) => ({ ...look, plausibility: plausibility({ ...mains[i], ...landmarks[i] }) }))
}
