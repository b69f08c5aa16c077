import { type PhotoPrint, PRINT_SIDE } from './photo-print.js'

/** How well what two photos show fits over each other: correlations, -1 to 1. */
export interface Likeness {
  /** In the square around the face. */
  readonly face: number
  /** Of the face with its surroundings, as far as both photos show them. */
  readonly whole: number
}

/** Side of the squares whose means are compared, in pixels of a print. */
const SQUARE = 4
const SIDE = PRINT_SIDE / SQUARE
/** What is left out at each border leaves the face and a little around it. */
const FACE_MARGIN = SIDE / 4

/** The shades of a print in squares. */
export interface CoarseShades {
  /** Means of the squares, row by row. */
  readonly mean: Float32Array
  /** How many pixels of each square the photo shows. */
  readonly seen: Uint8Array
}

/** The likeness of coarse shades as the prints lie, without laying one over the other. */
export function roughLikeness(p: CoarseShades, q: CoarseShades): Likeness {
  return { face: correlation(p, q, FACE_MARGIN), whole: correlation(p, q, 0) }
}

export function coarseShades(print: PhotoPrint): CoarseShades {
  const mean = new Float32Array(SIDE * SIDE)
  const seen = new Uint8Array(SIDE * SIDE)
  for (let i = 0; i < print.length; i++) {
    if (print[i] === 0) continue
    const square = Math.floor(i / PRINT_SIDE / SQUARE) * SIDE + Math.floor((i % PRINT_SIDE) / SQUARE)
    mean[square] += print[i]
    seen[square]++
  }
  for (let square = 0; square < mean.length; square++) mean[square] /= Math.max(1, seen[square])
  return { mean, seen }
}

/** Pearson's correlation over the squares that both show at least half of; 0 where nothing differs. */
function correlation(p: CoarseShades, q: CoarseShades, margin: number): number {
  let [n, sumP, sumQ, pp, qq, pq] = [0, 0, 0, 0, 0, 0]
  for (let y = margin; y < SIDE - margin; y++) {
    for (let i = y * SIDE + margin; i < (y + 1) * SIDE - margin; i++) {
      if (Math.min(p.seen[i], q.seen[i]) < SQUARE ** 2 / 2) continue
      const [a, b] = [p.mean[i], q.mean[i]]
      n++
      sumP += a
      sumQ += b
      pp += a * a
      qq += b * b
      pq += a * b
    }
  }
  const spread = (n * pp - sumP * sumP) * (n * qq - sumQ * sumQ)
  return spread > 0 ? (n * pq - sumP * sumQ) / Math.sqrt(spread) : 0
}
