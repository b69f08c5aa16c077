/**
 * The side a photo is best made smaller to, between `least` and `most`. JPEG is decoded at an eighth, a quarter or half of
 * its size, which spares most of the work, when it is to become at least 9, 5 or 3 times smaller (sharp's pipeline, which
 * leaves a rest to shrink with care).
 * @param longer the longer side of the photo, in pixels
 */
export function previewSide(longer: number, least: number, most: number): number {
  const divisor = [9, 5, 3].find((times) => longer / times >= least)
  return Math.min(most, divisor === undefined ? longer : Math.floor(longer / divisor))
}
