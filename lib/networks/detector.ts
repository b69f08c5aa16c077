import type { NetworkWeights } from '../weights.js'
import type { GraphWriter } from './graph-writer.js'

/** Sides the detector takes must be multiples of this: it halves the image six times. */
export const DETECTOR_SIZE_STEP = 64
/** Numbers the network gives for an anchor: ty, tx, th, tw (box encoding) and the face logit. */
export const ANCHOR_OUTPUTS = 5

const BATCH_NORM_EPSILON = 0.0010000000474974513 // as TensorFlow's float32 0.001 prints; face-api mobileNetV1.ts
const BLOCKS = 13
const HALVING_BLOCKS = new Set([2, 4, 6, 12])
const CLASSES = 3
/**
 * Blocks that are computed in floats beside the convolution before them: rounded to 8 bits, what they give would hide faces
 * in the dark and move all boxes more than what comes after them.
 */
const FLOAT_BLOCKS = 2
const FACE_CLASS = 1

/**
 * SSD MobileNet v1: `input` batch x N x N x 3, N a multiple of 64 -> `anchors` batch x anchors x 5.
 * Source: face-api SsdMobilenetv1; the boxes are decoded outside (anchors.ts), so that one graph serves every size.
 */
export function writeDetector<Node>(writer: GraphWriter<Node>, weights: NetworkWeights): void {
  const convolution = (x: Node, name: string, stride: number, inFloats: boolean): Node =>
    writer.convolution(x, {
      kernel: weights.get(`${name}/weights`),
      bias: weights.get(`${name}/convolution_bn_offset`).data,
      stride,
      padding: 'same',
      activation: 'relu6',
      inFloats,
    })

  /** Batch norm folded in: (x - mean) / sqrt(variance + epsilon) * gamma + beta. */
  const depthwise = (x: Node, name: string, stride: number, inFloats: boolean): Node => {
    const filter = weights.get(`${name}/depthwise_weights`)
    const norm = (part: string) => weights.get(`${name}/BatchNorm/${part}`).data
    const [mean, variance, beta] = [norm('moving_mean'), norm('moving_variance'), norm('beta')]
    const factor = norm('gamma').map((gamma, i) => gamma / Math.sqrt(variance[i] + BATCH_NORM_EPSILON))
    return writer.depthwiseConvolution(x, {
      kernel: { shape: filter.shape, data: filter.data.map((value, i) => value * factor[i % factor.length]) },
      bias: beta.map((value, i) => value - mean[i] * factor[i]),
      stride,
      padding: 'same',
      activation: 'relu6',
      inFloats,
    })
  }

  /** Box encodings and the face logit of every anchor of a cell, from one 1x1 convolution. */
  const predictor = (x: Node, index: number): Node => {
    const name = `Prediction/BoxPredictor_${index}`
    const box = weights.get(`${name}/BoxEncodingPredictor/weights`)
    const boxBias = weights.get(`${name}/BoxEncodingPredictor/biases`).data
    const classes = weights.get(`${name}/ClassPredictor/weights`)
    const classBias = weights.get(`${name}/ClassPredictor/biases`).data
    const inputs = box.shape[2]
    const anchors = box.shape[3] / 4
    const outputs = anchors * ANCHOR_OUTPUTS
    const data = new Float32Array(inputs * outputs)
    const bias = new Float32Array(outputs)
    for (let output = 0; output < outputs; output++) {
      const anchor = Math.floor(output / ANCHOR_OUTPUTS)
      const part = output % ANCHOR_OUTPUTS
      const isLogit = part === ANCHOR_OUTPUTS - 1
      const [from, fromBias] = isLogit ? [classes, classBias] : [box, boxBias]
      const column = isLogit ? anchor * CLASSES + FACE_CLASS : anchor * 4 + part
      for (let i = 0; i < inputs; i++) data[i * outputs + output] = from.data[i * from.shape[3] + column]
      bias[output] = fromBias[column]
    }
    const kernel = { shape: [1, 1, inputs, outputs], data }
    return writer.convolution(x, { kernel, bias, stride: 1, padding: 'same', inFloats: true })
  }

  const input = writer.input('input', null, 3)
  let x = writer.scaleAndShift(input, 1 / 127.5, [-1, -1, -1])
  const maps: Node[] = []
  x = convolution(x, 'MobilenetV1/Conv2d_0_pointwise', 2, true)
  for (let block = 1; block <= BLOCKS; block++) {
    const inFloats = block <= FLOAT_BLOCKS
    x = depthwise(x, `MobilenetV1/Conv2d_${block}_depthwise`, HALVING_BLOCKS.has(block) ? 2 : 1, inFloats)
    x = convolution(x, `MobilenetV1/Conv2d_${block}_pointwise`, 1, inFloats)
    if (block === 11 || block === BLOCKS) maps.push(x)
  }
  for (let layer = 0; layer < 8; layer++) {
    const halves = layer % 2 === 1
    x = convolution(x, `Prediction/Conv2d_${layer}_pointwise`, halves ? 2 : 1, false)
    if (halves) maps.push(x)
  }
  writer.output('anchors', writer.concatenateRows(maps.map(predictor), ANCHOR_OUTPUTS))
}
