import type { NetworkWeights } from '../weights.js'
import type { Activation, GraphWriter } from './graph-writer.js'
import { normaliseByMean } from './mean-rgb.js'

/** Side in pixels of the square a face is cropped to. */
export const LANDMARK_CROP_SIZE = 112
/** Points found in a face, in the iBUG 300-W order. */
export const LANDMARK_COUNT = 68

/**
 * face-api's 68-point network: `input` batch x 112 x 112 x 3 -> `points` batch x 136 (x and y, relative to the square).
 * Source: face-api FaceLandmark68Net.
 */
export function writeLandmarks<Node>(writer: GraphWriter<Node>, weights: NetworkWeights): void {
  const separable = (x: Node, name: string, stride: number, activation?: Activation): Node => {
    const depthwise = weights.get(`${name}/depthwise_filter`)
    const filtered = writer.depthwiseConvolution(x, { kernel: depthwise, stride, padding: 'same' })
    return writer.convolution(filtered, {
      kernel: weights.get(`${name}/pointwise_filter`),
      bias: weights.get(`${name}/bias`).data,
      stride: 1,
      padding: 'same',
      activation,
    })
  }

  const first = (x: Node): Node =>
    writer.convolution(x, {
      kernel: weights.get('dense0/conv0/filters'),
      bias: weights.get('dense0/conv0/bias').data,
      stride: 2,
      padding: 'same',
      activation: 'relu',
    })

  /** Each convolution sees the sum of all before it. */
  const denseBlock = (x: Node, index: number): Node => {
    const name = `dense${index}`
    let sum = index === 0 ? first(x) : separable(x, `${name}/conv0`, 2, 'relu')
    let rectified = sum // already passed a relu
    for (const convolution of ['conv1', 'conv2']) {
      sum = writer.add(sum, separable(rectified, `${name}/${convolution}`, 1))
      rectified = writer.relu(sum)
    }
    return writer.add(sum, separable(rectified, `${name}/conv3`, 1), 'relu')
  }

  let x = normaliseByMean(writer, writer.input('input', LANDMARK_CROP_SIZE, 3))
  for (let index = 0; index < 4; index++) x = denseBlock(x, index) // 112 -> 56 -> 28 -> 14 -> 7
  const features = writer.globalAverage(writer.averagePool(x, 7, 2, 256)) // 7 -> 1: the average over a single cell
  writer.output('points', writer.fullyConnected(features, weights.get('fc/weights'), weights.get('fc/bias').data))
}
