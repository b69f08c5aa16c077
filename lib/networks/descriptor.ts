import type { NetworkWeights } from '../weights.js'
import type { Activation, GraphWriter, Padding } from './graph-writer.js'
import { normaliseByMean } from './mean-rgb.js'

/** Side of a face chip in pixels (dlib, dnn_face_recognition_ex.cpp). */
export const CHIP_SIZE = 150
/** Numbers in a descriptor. */
export const DESCRIPTOR_LENGTH = 128

/**
 * dlib's face recognition ResNet: `input` batch x 150 x 150 x 3 -> `descriptors` batch x 128.
 * Source: dlib_face_recognition_resnet_model_v1 (Davis King); layer names as face-api stores them.
 */
export function writeDescriptor<Node>(writer: GraphWriter<Node>, weights: NetworkWeights): void {
  /** A convolution whose per-channel scale is folded in: (x * k + b) * s + t = x * (k s) + (b s + t). */
  const convolution = (x: Node, name: string, stride: number, padding: Padding, activation?: Activation): Node => {
    const { shape, data } = weights.get(`${name}/conv/filters`)
    const scale = weights.get(`${name}/scale/weights`).data
    const shift = weights.get(`${name}/scale/biases`).data
    const kernel = { shape, data: data.map((value, i) => value * scale[i % scale.length]) }
    const bias = weights.get(`${name}/conv/bias`).data.map((value, i) => value * scale[i] + shift[i])
    return writer.convolution(x, { kernel, bias, stride, padding, activation })
  }

  const residual = (x: Node, name: string): Node => {
    const inner = convolution(x, `${name}/conv1`, 1, 'same', 'relu')
    return writer.add(convolution(inner, `${name}/conv2`, 1, 'same'), x, 'relu')
  }

  /** Halves the side; the shortcut is a pooled copy, and whichever of the two is smaller gets zeros. */
  const residualDown = (x: Node, name: string, side: number): Node => {
    const kernel = weights.get(`${name}/conv1/conv/filters`).shape
    const convolvedSide = Math.floor((side - 3) / 2) + 1
    const pooledSide = Math.floor(side / 2)
    const inner = convolution(x, `${name}/conv1`, 2, 'valid', 'relu')
    const convolved = convolution(inner, `${name}/conv2`, 1, 'same')
    const shortcut = writer.averagePool(x, 2, 2, kernel[2])
    return writer.add(
      writer.padEnd(convolved, pooledSide - convolvedSide, 0),
      writer.padEnd(shortcut, 0, kernel[3] - kernel[2]),
      'relu',
    )
  }

  let x = normaliseByMean(writer, writer.input('input', CHIP_SIZE, 3))
  x = convolution(x, 'conv32_down', 2, 'valid', 'relu') // 150 -> 72
  x = writer.maxPool(x, 3, 2) // 72 -> 35
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(x, name)
  x = residualDown(x, 'conv64_down', 35) // -> 17
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(x, name)
  x = residualDown(x, 'conv128_down', 17) // -> 8
  for (const name of ['conv128_1', 'conv128_2']) x = residual(x, name)
  x = residualDown(x, 'conv256_down', 8) // -> 4
  for (const name of ['conv256_1', 'conv256_2']) x = residual(x, name)
  x = residualDown(x, 'conv256_down_out', 4) // -> 2
  writer.output('descriptors', writer.fullyConnected(writer.globalAverage(x), weights.get('fc')))
}
