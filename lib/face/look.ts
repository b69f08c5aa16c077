import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { cutFacePatch } from './face-patch.js'
import type { TurnedSquare } from './geometry.js'
import { type Landmarks, locateLandmarks, uprightSquare } from './landmarks.js'
import { orderFaces } from './main-face.js'
import type { Detection } from './non-maximum-suppression.js'

/** A face that landmarks were looked for in. */
type Candidate = Pick<Detection, 'score' | 'aspect'> & Pick<Landmarks, 'drift'>

/** Landmarks that drifted farther, in eye distances, are doubtful: 0.3 % of the upright faces of LFW, nearly all upside-down ones. */
const MOST_DRIFT = 0.08
/** A face this plausible need not be looked for any longer. */
export const SURE_PLAUSIBILITY = 0.5
/** How much less plausible a drift of one eye distance makes a face. */
const DRIFT_WEIGHT = 3
/**
 * A box that is wider, in its heights, is less plausible by the difference: that of a face that lies on its side is as wide as
 * 1.5. Of the upright faces of LFW 99 % have less than 0.8, all less than 0.9.
 */
const WIDE = 0.8
/**
 * How plausible a face in a wide box has to be. With two passes of the landmarks, of 2,115 faces that lay wrong where they were
 * seen two were more plausible than 0.5, none more than 0.63; both had wide boxes.
 */
const SURE_IF_WIDE = 0.65

/** Faces seen in one look at a photo. */
export interface Look {
  /** At least one; the main face is the first. */
  readonly faces: readonly Detection[]
  /** Of the main face. */
  readonly plausibility: number
  /** Whether another look may show something better. */
  readonly doubtful: boolean
  /** Where the landmarks say that the main face stands upright, in pixels of the picture. */
  readonly upright: TurnedSquare
}

/**
 * How sure it is that a face stands upright where it was found. The detector's score does not tell: it goes up to 0.98 for
 * faces upside down. What tells is how far the landmarks drift until they agree, and the shape of the box. For the right one
 * of four views the drift is less than 0.1 eye distances, for wrong ones seldom.
 */
export function plausibility({ score, aspect, drift }: Candidate): number {
  return score - DRIFT_WEIGHT * drift - Math.max(0, aspect - WIDE)
}

/** Whether the landmarks moved no farther until they agreed than those of an upright face do. */
export function isSteady({ drift }: Pick<Landmarks, 'drift'>): boolean {
  return drift <= MOST_DRIFT
}

/** Whether a photo deserves a second look, by what its main face is like. */
export function isDoubtful(face: Candidate): boolean {
  const least = face.aspect > WIDE ? SURE_IF_WIDE : SURE_PLAUSIBILITY
  return !isSteady(face) || plausibility(face) < least
}

/**
 * Judges what was seen in several looks at one picture.
 * @param seen the faces of each look, at least one, in pixels of the image
 */
export async function judgeLooks(
  networks: FaceNetworks,
  image: RgbImage,
  seen: readonly (readonly Detection[])[],
): Promise<Look[]> {
  const looks = seen.map((faces) => orderFaces(faces, image).ordered)
  const mains = await Promise.all(
    looks.map(async ([main]) => ({ ...main, patch: await cutFacePatch(undefined, image, 1, main.box) })),
  )
  const landmarks = await locateLandmarks(networks, mains, true)
  return looks.map((faces, i) => {
    const candidate = { ...mains[i], ...landmarks[i] }
    return {
      faces,
      plausibility: plausibility(candidate),
      doubtful: isDoubtful(candidate),
      upright: uprightSquare(candidate.points),
    }
  })
}
