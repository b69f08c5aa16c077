import type { GraphWriter } from './graph-writer.js'

/** Mean red, green and blue (0 to 255) that the landmark and the descriptor network were trained with (dlib, face-api). */
const MEAN_RGB = [122.782, 117.001, 104.298]

/** (x - mean) / 255 for each channel. */
export function normaliseByMean<Node>(writer: GraphWriter<Node>, x: Node): Node {
  return writer.scaleAndShift(
    x,
    1 / 255,
    MEAN_RGB.map((mean) => -mean / 255),
  )
}
