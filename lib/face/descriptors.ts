import { DESCRIPTOR_LENGTH } from '../networks/descriptor.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { CHIP_LENGTH, sampleChip } from './chip.js'
import { clearChips } from './clear-chip.js'
import type { FacePatch } from './face-patch.js'
import type { Point } from './geometry.js'
import { chipsOf, PRESETS, type PresetName } from './presets.js'
import { withScratch } from './scratch.js'

/** A face whose landmarks are known. */
export interface LocatedFace {
  readonly patch: FacePatch
  /** The 68 landmarks, in pixels of the photo. */
  readonly points: readonly Point[]
}

/** What the descriptor network says of a face. */
export interface FaceDescription {
  /** 128 numbers, length 1. */
  readonly descriptor: Float32Array
  /**
   * Cosine between the descriptors of the face and of its mirror image: the network is less sure of a face where they differ.
   * Undefined where the preset describes no mirror images.
   */
  readonly symmetry?: number
}

/**
 * The descriptors of several faces: each the mean over a face's chips and, with most presets, their mirror images, scaled to length 1.
 * The mirrored mean lowers the equal error rate on LFW, and length 1 makes Euclidean distance rank as cosine does.
 */
export async function describeFaces(
  networks: FaceNetworks,
  faces: readonly LocatedFace[],
  preset: PresetName,
): Promise<FaceDescription[]> {
  const count = chipsOf(preset)
  const { lower, mirrored } = PRESETS[preset]
  const step = (mirrored ? 2 : 1) * CHIP_LENGTH
  const output = await withScratch(count * faces.length * CHIP_LENGTH, (chips) => {
    faces.forEach(({ patch, points }, i) => {
      lower.forEach((pixels, k) => {
        const chip = count * i * CHIP_LENGTH + k * step
        const luma = sampleChip(patch, points, { lower: pixels, mirrored }, chips, chip)
        clearChips(chips.subarray(chip, chip + step), luma)
      })
    })
    return networks.descriptors(chips, count * faces.length)
  })
  return faces.map((_, i) => {
    const described = Array.from({ length: count }, (_, k) => descriptorAt(output, count * i + k))
    const descriptor = scaleToLengthOne(sumOf(described))
    if (!mirrored) return { descriptor }
    const [face, mirror] = described.map(scaleToLengthOne)
    return { descriptor, symmetry: dot(face, mirror) }
  })
}

function descriptorAt(output: Float32Array, index: number): Float32Array {
  return output.subarray(index * DESCRIPTOR_LENGTH, (index + 1) * DESCRIPTOR_LENGTH)
}

function sumOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(DESCRIPTOR_LENGTH)
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i] += vector[i]
  return sum
}

function dot(p: Float32Array, q: Float32Array): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += p[i] * q[i]
  return sum
}

export function scaleToLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector))
  const scaled = new Float32Array(vector.length)
  for (let i = 0; i < vector.length; i++) scaled[i] = vector[i] / length
  return scaled
}

/** Euclidean distance between two descriptors: 0 to 2 where both have length 1. */
export function descriptorDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let square = 0
  for (let i = 0; i < p.length; i++) square += (p[i] - q[i]) ** 2
  return Math.sqrt(square)
}
