import { NETWORK_INPUT } from '../kernels/pixel-kernels.js'

/** Whether the room in the kernels' memory is lent: one run at a time has it. */
let isLent = false
/** Buffers that are free: as many as one photo after another needs, and none so large that keeping it would be felt. */
const free: Float32Array[] = []
const MOST_FREE = 4
const LARGEST_KEPT = 2 ** 20

/**
 * Lends a buffer for the input of a network: to make a new one, filled with zeros, for each run costs more than to fill it. What
 * kernels write to the one in their own memory need not be copied.
 * @param length floats that are needed; there may be more
 * @param use may write to the buffer, which holds anything, until its promise is settled
 */
export async function withScratch<Result>(
  length: number,
  use: (buffer: Float32Array) => Promise<Result>,
): Promise<Result> {
  if (!isLent && length <= NETWORK_INPUT.length) {
    isLent = true
    try {
      return await use(NETWORK_INPUT)
    } finally {
      isLent = false
    }
  }
  const fitting = free.findIndex((buffer) => buffer.length >= length)
  const buffer = fitting === -1 ? new Float32Array(length) : free.splice(fitting, 1)[0]
  try {
    return await use(buffer)
  } finally {
    if (buffer.length <= LARGEST_KEPT) {
      free.push(buffer)
      free.sort((p, q) => p.length - q.length)
      if (free.length > MOST_FREE) free.shift()
    }
  }
}
