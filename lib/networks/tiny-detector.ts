import type { NetworkWeights } from '../weights.js'
import type { GraphWriter } from './graph-writer.js'
import { CELL_ANCHORS, CELL_NUMBERS } from './tiny-cells.js'

/** Mean red, green and blue (0 to 255) that the network was trained with (face-api tinyFaceDetector/const.ts). */
const MEAN_RGB = [117.001, 114.697, 97.404]
/** Convolutions after the first; a pool that halves the image stands before each. */
const SEPARABLE = 5

/**
 * face-api's tiny face detector: `input` batch x N x N x 3, N a multiple of 32 -> `cells` batch x (N / 32)² x 5 rows of x, y,
 * width, height (encoded) and the face logit; decoded outside (tiny-cells.ts).
 * Source: face-api TinyFaceDetector, TinyYolov2Base.runMobilenet.
 */
export function writeTinyDetector<Node>(writer: GraphWriter<Node>, weights: NetworkWeights): void {
  const input = writer.input('input', null, 3)
  let x = writer.scaleAndShift(
    input,
    1 / 255,
    MEAN_RGB.map((mean) => -mean / 255),
  )
  x = writer.convolution(x, {
    kernel: weights.get('conv0/filters'),
    bias: weights.get('conv0/bias').data,
    stride: 1,
    padding: 'valid',
    activation: 'leakyRelu',
  })
  for (let i = 1; i <= SEPARABLE; i++) {
    x = writer.maxPool(x, 2, 2, 'same')
    x = writer.depthwiseConvolution(x, {
      kernel: weights.get(`conv${i}/depthwise_filter`),
      stride: 1,
      padding: 'same',
    })
    x = writer.convolution(x, {
      kernel: weights.get(`conv${i}/pointwise_filter`),
      bias: weights.get(`conv${i}/bias`).data,
      stride: 1,
      padding: 'same',
      activation: 'leakyRelu',
    })
  }
  x = writer.maxPool(x, 2, 1, 'same')
  const kernel = weights.get('conv8/filters')
  if (kernel.shape[3] !== CELL_ANCHORS.length * CELL_NUMBERS)
    throw new RangeError('the tiny detector has other anchors')
  x = writer.convolution(x, { kernel, bias: weights.get('conv8/bias').data, stride: 1, padding: 'valid' })
  writer.output('cells', writer.concatenateRows([x], CELL_NUMBERS))
}
