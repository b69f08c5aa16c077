import type { ConvolutionOptions, Kernel } from './graph-writer.js'

/*
 * A convolution that moves by two pixels over an image of three channels is one that moves by one cell over an image of
 * twelve, where a cell is what 2x2 pixels hold. The sums are the same; kernels for 8 bits take blocks of four channels, and
 * a third less time so, although a kernel of odd size gets a row and a column of zeros.
 */

/** Whether a convolution over an image of that side can be made one over cells of 2x2 pixels. */
export function foldsInTwo(side: number | null, { stride, padding }: ConvolutionOptions): side is number {
  return side !== null && side % 2 === 0 && stride === 2 && padding === 'valid'
}

/** The kernel for cells of 2x2 pixels, the channels of which follow one another row by row. */
export function foldKernel({ shape: [height, width, channels, outputs], data }: Kernel): Kernel {
  const shape = [Math.ceil(height / 2), Math.ceil(width / 2), 4 * channels, outputs]
  const folded = new Float32Array(shape.reduce((product, size) => product * size, 1))
  const length = channels * outputs
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / 2) * shape[1] + Math.floor(x / 2)
      const part = 2 * (y % 2) + (x % 2)
      const from = (y * width + x) * length
      folded.set(data.subarray(from, from + length), (4 * cell + part) * length)
    }
  }
  return { shape, data: folded }
}
