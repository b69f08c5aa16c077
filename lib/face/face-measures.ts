import type { RgbImage } from '../image/rgb-image.js'
import { kernels } from '../kernels/pixel-kernels.js'
import { alignedSquare } from './chip.js'
import type { LocatedFace } from './descriptors.js'
import { AS_GOOD_AS_WHITE } from './even-light.js'
import { composeSimilarities, distance } from './geometry.js'
import { eyeCentres } from './landmarks.js'
import { estimatePose } from './pose.js'
import { placeLuma } from './resample.js'

/** Side of the upright square of a face that is looked at: the same as the face has in a chip. */
const SIDE = 100
/** Points a side of the grid by which it is told how much of a face lies inside the photo. */
const GRID = 20

/** What is measured of a face because it predicts that its person is not recognised (docs/ACCURACY.md). */
export interface FaceMeasures {
  /** Between the centres of the eyes, in pixels of the photo. */
  readonly eye_distance: number
  /** See `sharpness` of the kernels: low is blurred, very high is noise. */
  readonly sharpness: number
  /** Share of the face that is as good as white. */
  readonly overexposed: number
  /** Share of the face that lies inside the photo. */
  readonly visible: number
  /** In degrees, see `Pose`. */
  readonly yaw: number
  readonly pitch: number
  /** How far the landmarks disagree with themselves, in eye distances; 0 where one pass was enough. */
  readonly shift: number
  /** Cosine between the descriptors of the face and of its mirror image, where that is described. */
  readonly symmetry?: number
}

/** A face and what the networks said of it. */
export interface FaceToMeasure extends LocatedFace {
  readonly shift: number
  readonly symmetry?: number
}

/** @param photo size of the upright photo, in pixels */
export function measureFace(
  { patch, points, shift, symmetry }: FaceToMeasure,
  photo: { readonly width: number; readonly height: number },
): FaceMeasures {
  const { rightEye, leftEye } = eyeCentres(points)
  const toPhoto = alignedSquare(points, 0, SIDE)
  const lumaIn = (image: RgbImage) => placeLuma(image, composeSimilarities(patch.fromPhoto, toPhoto), SIDE)
  const luma = lumaIn(patch.image)
  const sharpness = kernels.sharpness(luma, SIDE, SIDE)
  const taken = patch.taken ? lumaIn(patch.taken) : luma
  const white = kernels.countFrom(AS_GOOD_AS_WHITE, taken, SIDE ** 2)
  let inside = 0
  const { a, b, tx, ty } = toPhoto
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const x = (SIDE / GRID) * (a * (column + 0.5) - b * (row + 0.5)) + tx
      const y = (SIDE / GRID) * (b * (column + 0.5) + a * (row + 0.5)) + ty
      if (x >= 0 && y >= 0 && x < photo.width && y < photo.height) inside++
    }
  }
  return {
    eye_distance: distance(rightEye, leftEye),
    sharpness,
    overexposed: white / SIDE ** 2,
    visible: inside / GRID ** 2,
    ...estimatePose(points),
    shift,
    symmetry,
  }
}
