import { loadTfjsNode } from '../lib/runtime/tfjs-node.js'

/**
 * Loads tfjs-node in this process, runs a convolution on it and prints the versions; exit code 1 and the reason where it
 * does not work. A process of its own, because a native library that does not fit the machine may kill the one it is in.
 */
try {
  const { tf, tensorflow } = loadTfjsNode()
  const ones = (length: number) => new Float32Array(length).fill(1)
  const image = tf.tensor4d(ones(48), [1, 4, 4, 3])
  const kernel = tf.tensor4d(ones(27), [3, 3, 3, 1])
  const sums = tf.conv2d(image, kernel, 1, 'valid').dataSync()
  if (sums.length !== 4 || sums.some((sum) => sum !== 27)) throw new Error(`a convolution gave ${sums.join(', ')}`)
  console.log(`TensorFlow ${tensorflow}, TensorFlow.js ${tf.version['tfjs-core']}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
