import type { DetectorOutput } from '../runtime/face-networks.js'
import type { NetworkWeights } from '../weights.js'
import { ANCHOR_OUTPUTS, DETECTOR_SIZE_STEP } from './detector.js'

/** Anchors of each cell of each of the six feature maps (face-api: BoxPredictor_0 has three, the others six). */
const ANCHORS_A_CELL = [3, 6, 6, 6, 6, 6]
/** Side of the first feature map: one cell for every 16 pixels. */
const FIRST_MAP_STRIDE = 16
/** The side the weights' own anchors are given for. */
const TRAINED_SIZE = 512
// How TensorFlow's object detection API scales box encodings (faster_rcnn_box_coder).
const CENTRE_SCALE = 10
const SIZE_SCALE = 5

/** Cells along a side of each feature map of an input of `size` x `size`. */
function mapSides(size: number): number[] {
  const sides = [size / FIRST_MAP_STRIDE]
  while (sides.length < ANCHORS_A_CELL.length) sides.push(Math.ceil(sides[sides.length - 1] / 2))
  return sides
}

/** The weights' own anchors, for an input of 512 x 512: ymin, xmin, ymax, xmax. */
export function trainedAnchorsOf(weights: NetworkWeights): Float32Array {
  return weights.get('Output/extra_dim').data
}

/** Default boxes of the detector for one input size: cy, cx, height, width, relative to the input's side. */
export type Anchors = Float32Array

/**
 * The anchors for an input of `size` x `size`. An anchor keeps its size in pixels whatever the input's size; the weights
 * hold them for 512, where every cell of a map has the same ones, so those of the first cell stand for all.
 * @param trained what `trainedAnchorsOf` gives
 * @throws RangeError when `size` is not a multiple of 64
 */
export function makeAnchors(trained: Float32Array, size: number): Anchors {
  if (size <= 0 || size % DETECTOR_SIZE_STEP !== 0) {
    throw new RangeError(`the detector takes sizes that are a multiple of ${DETECTOR_SIZE_STEP}, not ${size}`)
  }
  const trainedSides = mapSides(TRAINED_SIZE)
  const anchors: number[] = []
  let firstCell = 0
  mapSides(size).forEach((side, map) => {
    const count = ANCHORS_A_CELL[map]
    const scale = TRAINED_SIZE / size
    for (let cell = 0; cell < side * side; cell++) {
      for (let anchor = 0; anchor < count; anchor++) {
        const [ymin, xmin, ymax, xmax] = trained.subarray(4 * (firstCell + anchor), 4 * (firstCell + anchor) + 4)
        const cy = (Math.floor(cell / side) + 0.5) / side
        const cx = ((cell % side) + 0.5) / side
        anchors.push(cy, cx, (ymax - ymin) * scale, (xmax - xmin) * scale)
      }
    }
    firstCell += trainedSides[map] * trainedSides[map] * count
  })
  return Float32Array.from(anchors)
}

/**
 * Turns what the detector graph gives into boxes and scores.
 * @param raw count x anchors x 5: ty, tx, th, tw, face logit
 */
export function decodeAnchors(raw: Float32Array, anchors: Anchors, count: number): DetectorOutput {
  const perImage = anchors.length / 4
  const boxes = new Float32Array(count * perImage * 4)
  const scores = new Float32Array(count * perImage)
  for (let i = 0; i < scores.length; i++) {
    const anchor = 4 * (i % perImage)
    const from = ANCHOR_OUTPUTS * i
    const [height, width] = [anchors[anchor + 2], anchors[anchor + 3]]
    const cy = (raw[from] / CENTRE_SCALE) * height + anchors[anchor]
    const cx = (raw[from + 1] / CENTRE_SCALE) * width + anchors[anchor + 1]
    const halfHeight = (Math.exp(raw[from + 2] / SIZE_SCALE) * height) / 2
    const halfWidth = (Math.exp(raw[from + 3] / SIZE_SCALE) * width) / 2
    boxes[4 * i] = cy - halfHeight
    boxes[4 * i + 1] = cx - halfWidth
    boxes[4 * i + 2] = cy + halfHeight
    boxes[4 * i + 3] = cx + halfWidth
    scores[i] = 1 / (1 + Math.exp(-raw[from + 4]))
  }
  return { boxes, scores }
}
