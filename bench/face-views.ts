import { alignedSquare, CHIP_LENGTH } from '../lib/face/chip.js'
import { clearChips } from '../lib/face/clear-chip.js'
import type { FacePatch } from '../lib/face/face-patch.js'
import { composeSimilarities, fitSimilarity, type Point, type Similarity } from '../lib/face/geometry.js'
import { placeLumaOf } from '../lib/face/luma.js'
import { FIRST_INNER_POINT, MEAN_SHAPE } from '../lib/face/mean-shape.js'
import { sampleSquare } from '../lib/face/resample.js'
import { CHIP_SIZE } from '../lib/networks/descriptor.js'
import type { Precision } from '../lib/runtime/face-networks.js'

/** One picture of a face that the descriptor network is given. */
export interface FaceView {
  /** By dlib's five points, or by all 51 of the inner face. */
  readonly placedBy: 'five' | 'inner'
  /** Empty space around the face, in its sides. */
  readonly padding: number
  /** How many pixels farther down it is cut. */
  readonly lower: number
  /** As it is, its mirror image, or the mean of both, pixel by pixel. */
  readonly side: 'plain' | 'mirrored' | 'blended'
  /** Landmarks of the service, or their mean with those of one more pass. */
  readonly landmarks: 'service' | 'averaged'
  readonly precision: Precision
}

/** The two landmark sets a view may be placed by. */
export type PointsOf = Readonly<Record<FaceView['landmarks'], readonly Point[]>>

/** Samples a view, 150 x 150 x 3 floats from `offset` on. */
export function sampleView(
  patch: FacePatch,
  points: PointsOf,
  view: FaceView,
  out: Float32Array,
  offset: number,
): void {
  const toPhoto = composeSimilarities(placed(points[view.landmarks], view), { a: 1, b: 0, tx: 0, ty: view.lower })
  const toPatch = composeSimilarities(patch.fromPhoto, toPhoto)
  const chips = new Float32Array((view.side === 'plain' ? 1 : 2) * CHIP_LENGTH)
  const mirror = view.side === 'plain' ? undefined : CHIP_LENGTH
  sampleSquare(patch.image, toPatch, CHIP_SIZE, chips, 0, mirror)
  clearChips(chips, placeLumaOf(chips, CHIP_SIZE ** 2))
  const [plain, mirrored] = [chips.subarray(0, CHIP_LENGTH), chips.subarray(CHIP_LENGTH)]
  if (view.side === 'blended') for (let i = 0; i < CHIP_LENGTH; i++) plain[i] = (plain[i] + mirrored[i]) / 2
  out.set(view.side === 'mirrored' ? mirrored : plain, offset)
}

/** From pixels of the view to pixels of the photo. */
function placed(points: readonly Point[], { placedBy, padding }: FaceView): Similarity {
  if (placedBy === 'five') return alignedSquare(points, padding, CHIP_SIZE)
  const template = MEAN_SHAPE.map(([x, y]) => ({
    x: ((x + padding) / (1 + 2 * padding)) * CHIP_SIZE,
    y: ((y + padding) / (1 + 2 * padding)) * CHIP_SIZE,
  }))
  return fitSimilarity(template, points.slice(FIRST_INNER_POINT))
}
