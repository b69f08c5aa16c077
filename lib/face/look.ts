import type { RgbImage } from '../image/rgb-image.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { cutFacePatch } from './face-patch.js'
import type { TurnedSquare } from './geometry.js'
import { type Landmarks, locateLandmarks, uprightSquare } from './landmarks.js'
import { orderFaces } from './main-face.js'
import type { Detection } from './non-maximum-suppression.js'

/** A face that landmarks were looked for in. */
type Candidate = Pick<Detection, 'score'> & Pick<Landmarks, 'drift'>

/** Landmarks that drifted farther, in eye distances, are doubtful: 0.3 % of the upright faces of LFW, nearly all upside-down ones. */
const MOST_DRIFT = 0.08
/** A detector score below which a face is doubtful. */
const LEAST_SCORE = 0.5
/** How much less plausible a drift of one eye distance makes a face. */
const DRIFT_WEIGHT = 3

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
