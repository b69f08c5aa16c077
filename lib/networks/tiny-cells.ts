import type { DetectorOutput } from '../runtime/face-networks.js'

/** Width and height of the boxes that each cell starts from, in cells (face-api tinyFaceDetector/const.ts). */
export const CELL_ANCHORS: readonly (readonly [number, number])[] = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
]
/** Numbers of each anchor: x, y, width and height (encoded), and the face logit. */
export const CELL_NUMBERS = 5

/**
 * Turns what the tiny detector gives into boxes and scores (Tiny YOLO v2; face-api TinyYolov2Base.extractBoxes).
 * @param raw count x cells x anchors x 5, the cells of a square map row by row
 */
export function decodeCells(raw: Float32Array, count: number): DetectorOutput {
  const boxes = new Float32Array((4 * raw.length) / CELL_NUMBERS)
  const scores = new Float32Array(raw.length / CELL_NUMBERS)
  const perImage = scores.length / count
  const side = Math.sqrt(perImage / CELL_ANCHORS.length)
  for (let i = 0; i < scores.length; i++) {
    const cell = Math.floor((i % perImage) / CELL_ANCHORS.length)
    const [width, height] = CELL_ANCHORS[i % CELL_ANCHORS.length]
    const from = CELL_NUMBERS * i
    const cx = ((cell % side) + sigmoid(raw[from])) / side
    const cy = (Math.floor(cell / side) + sigmoid(raw[from + 1])) / side
    const halfWidth = (Math.exp(raw[from + 2]) * width) / side / 2
    const halfHeight = (Math.exp(raw[from + 3]) * height) / side / 2
    boxes[4 * i] = cy - halfHeight
    boxes[4 * i + 1] = cx - halfWidth
    boxes[4 * i + 2] = cy + halfHeight
    boxes[4 * i + 3] = cx + halfWidth
    scores[i] = sigmoid(raw[from + 4])
  }
  return { boxes, scores }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
