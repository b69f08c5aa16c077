import { descriptorDistance } from './descriptors.js'
import {
  detailsOf,
  mirrorPrint,
  type PhotoPrint,
  PRINT_FACE,
  PRINT_SIDE,
  type Shades,
  shadesOf,
} from './photo-print.js'
import { placePrint, registerPrints } from './register-prints.js'
import { coarseShades, type Likeness, roughLikeness } from './rough-likeness.js'

/** Copies of one photo are never farther apart: only photos as near as this are looked at. */
const LARGEST_OF_COPIES = 0.3
/** Correlations of the details from which two photos are the same; docs/ACCURACY.md shows how far apart the two kinds are. */
const LEAST_FACE_CORRELATION = 0.95
const LEAST_WHOLE_CORRELATION = 0.85
/**
 * Photos whose coarse shades correlate less, without being laid over each other, are no copies: the least of 3,000 copies
 * are 0.90 and 0.83, which the others of one person seldom reach (docs/PERFORMANCE.md).
 */
const LEAST_ROUGH: Likeness = { face: 0.8, whole: 0.7 }
/** Fewer pixels in common than these prove nothing. */
const LEAST_PIXELS = 200
/** What of a print, left out at each border, leaves the face. */
const FACE_MARGIN = Math.round((PRINT_SIDE - 1.3 * PRINT_FACE) / 2)

/** A photo as far as it takes to recognise it. */
export interface PrintedPhoto {
  readonly print: PhotoPrint
  /** Of the face the print is around. */
  readonly descriptor: ArrayLike<number>
}

/**
 * Whether one photo is a copy of the other: encoded anew, resized, cropped, turned, brightened or mirrored. Two photos of
 * one person, however soon one after the other, are not.
 */
export function isSamePhoto(p: PrintedPhoto, q: PrintedPhoto): boolean {
  if (descriptorDistance(p.descriptor, q.descriptor) > LARGEST_OF_COPIES) return false
  const print = roughlyOver(p.print, q.print)
  if (print === undefined) return false
  const { face, whole } = compare(shadesOf(p.print), shadesOf(print))
  return face >= LEAST_FACE_CORRELATION && whole >= LEAST_WHOLE_CORRELATION
}

/** A print, or its mirror image if that is more like the other one; undefined where neither can be a copy of it. */
function roughlyOver(fixed: PhotoPrint, print: PhotoPrint): PhotoPrint | undefined {
  const mirrored = mirrorPrint(print)
  const shades = coarseShades(fixed)
  const [straight, turned] = [print, mirrored].map((moving) => roughLikeness(shades, coarseShades(moving)))
  const [nearer, likeness] = turned.face > straight.face ? [mirrored, turned] : [print, straight]
  return likeness.face >= LEAST_ROUGH.face && likeness.whole >= LEAST_ROUGH.whole ? nearer : undefined
}

/** The likeness of two photos, or of one and the mirror image of the other if that is higher. */
export function likenessOf(p: PhotoPrint, q: PhotoPrint): Likeness {
  const fixed = shadesOf(p)
  const [straight, mirrored] = [q, mirrorPrint(q)].map((print) => compare(fixed, shadesOf(print)))
  return mirrored.face > straight.face ? mirrored : straight
}

function compare(fixed: Shades, moving: Shades): Likeness {
  const placed = placePrint(moving, registerPrints(fixed, moving))
  const [p, q] = [detailsOf(fixed), detailsOf(placed)]
  return { face: correlation(p, q, FACE_MARGIN), whole: correlation(p, q, 0) }
}

/** Pearson's correlation over what both show, leaving out `margin` pixels at each border; 0 where that is too little. */
function correlation(p: Shades, q: Shades, margin: number): number {
  const pixels: number[] = []
  for (let y = margin; y < PRINT_SIDE - margin; y++) {
    for (let i = y * PRINT_SIDE + margin; i < (y + 1) * PRINT_SIDE - margin; i++) {
      if (p.seen[i] && q.seen[i]) pixels.push(i)
    }
  }
  if (pixels.length < LEAST_PIXELS) return 0
  const mean = ({ luma }: Shades) => pixels.reduce((sum, i) => sum + luma[i], 0) / pixels.length
  const [pMean, qMean] = [mean(p), mean(q)]
  let [pp, qq, pq] = [0, 0, 0]
  for (const i of pixels) {
    const [a, b] = [p.luma[i] - pMean, q.luma[i] - qMean]
    pp += a * a
    qq += b * b
    pq += a * b
  }
  return pp * qq === 0 ? 0 : pq / Math.sqrt(pp * qq)
}
