import { descriptorDistance } from './descriptors.js'
import { LARGEST_DISTANCE } from './largest-distance.js'

/**
 * Where faces lie close together: the logarithm of how far the nearest twenty strangers are from a face is about
 * MIDDLE + WEIGHTS x descriptor, set so that its mean is 0. A ridge regression over the 1,958 people of lfw-dev: statistics of
 * a population, nothing of any one person (docs/ACCURACY.md).
 */
const MIDDLE = 1.1734
const WEIGHTS: readonly number[] = [
  9.0289, -24.1233, -12.2017, 2.2811, 12.7914, 6.7871, 15.6331, 20.0554, -10.8695, 7.3952, 4.5803, 27.797, 15.2569,
  1.9296, 38.9414, 6.988, -28.1687, -0.9574, 14.96, 12.6382, -9.8903, -5.9799, 20.8455, -7.7604, 24.0731, -21.9084,
  9.0109, 1.507, -20.4475, -20.7951, -15.2116, -16.7998, -13.9521, 13.0347, -9.6908, -3.1922, 17.4571, 18.1269, -2.9713,
  -16.0555, 13.6504, 24.3606, 3.2387, 13.5567, -17.4167, -12.3591, -7.0724, -25.6549, -11.0312, 0.5283, -24.6834,
  11.7665, -0.8097, 28.9065, 4.9162, -20.7099, 10.3559, 30.5602, 20.69, 2.329, 40.5228, -27.2927, 9.4529, -28.1833,
  17.6317, 19.1061, -1.0563, 26.2445, 35.4325, -49.0896, 17.1289, 27.6679, -22.6439, 0.5164, -7.2149, -13.0071, 9.9028,
  -9.6078, -10.5808, 18.1983, 21.0142, 12.0696, -5.2445, -31.9347, 7.0658, 8.0423, 29.8339, -7.889, -13.2179, 6.0707,
  -25.8611, 10.6014, 4.2032, 12.1236, 6.8715, 2.5452, -12.4416, 35.0042, 51.9801, -20.2414, -2.3374, 3.6625, -2.0648,
  12.1619, -5.5429, 0.9097, 30.7295, -16.0647, -1.7004, -23.3163, -8.798, -3.4548, 6.6022, 29.0642, -27.7227, -21.4258,
  -6.7205, -6.8615, 20.9986, -25.0675, 17.1021, 6.6877, 26.6942, -30.7741, 8.2662, 1.8328, -14.9355, 14.8797,
]

/**
 * How far two faces are apart: the Euclidean distance of their descriptors, in units of how far strangers usually are from
 * such faces. The network tells people of some groups less well apart than others; without this, one threshold would be too
 * lenient for them and too strict for the rest.
 * Source of the form: Zelnik-Manor and Perona, "Self-tuning spectral clustering", 2004 (local scaling).
 * @param p a descriptor of length 1
 * @param q likewise
 * @returns 0 to 2
 */
export function faceDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const scale = Math.exp(-(openness(p) + openness(q)) / 2)
  return Math.min(LARGEST_DISTANCE, descriptorDistance(p, q) * scale)
}

/** The logarithm of how far strangers are from such a face, less its mean over all faces. */
function openness(descriptor: ArrayLike<number>): number {
  let sum = MIDDLE
  for (let i = 0; i < WEIGHTS.length; i++) sum += WEIGHTS[i] * descriptor[i]
  return sum
}
