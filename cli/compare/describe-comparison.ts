import type { Comparison, PhotoReport } from '../../schemas/compare.js'
import type { Paint } from '../colours.js'
import { layColumns } from '../columns.js'

export type VerdictLook = 'green' | 'yellow' | 'red'

/** The answer in few words, and the look that goes with it. */
export function verdictOf({ identical, distance, threshold }: Comparison): { words: string; look: VerdictLook } {
  if (identical) return { words: 'Same person', look: 'green' }
  if (distance <= threshold) return { words: 'Refused, the photos are copies of each other', look: 'yellow' }
  return { words: 'Two different people', look: 'red' }
}

/** A comparison in words, for a terminal. */
export function describeComparison(comparison: Comparison, reference: string, live: string, paint: Paint): string {
  const { distance, threshold, similarity, false_match_rate, engine, model } = comparison
  const near = distance <= threshold
  const { words, look } = verdictOf(comparison)
  const verdict = paint('bold', paint(look, words))
  const relation = near ? 'at most' : 'more than'
  const copies = comparison.same_photo
    ? '\n\nOne photo is a copy of the other, which proves nothing about who sent it.'
    : ''
  return `${verdict}: the distance is ${short(distance)}, ${relation} the threshold of ${short(threshold)}.${copies}

${layColumns([
  [paint('dim', '  similarity'), `${short(similarity)} (1: the same photo, 0.5: on the border)`],
  [paint('dim', '  false match rate'), `${describeRate(false_match_rate)} pairs of different people come this close`],
  [paint('dim', '  reference'), describePhoto(comparison.reference_image, reference)],
  [paint('dim', '  live'), describePhoto(comparison.live_image, live)],
  [paint('dim', '  engine'), `${engine}, ${model}`],
])}`
}

/** Which of several faces counts. */
const CHOSEN: Record<PhotoReport['chosen'], string> = {
  only: 'the only one counts',
  largest: 'the largest counts',
  central: 'a large one near the middle counts',
  sharpest: 'the sharpest of the large ones counts',
  best_pair: 'the one most like a face of the other photo counts',
}

function describePhoto({ width, height, faces, chosen, face }: PhotoReport, path: string): string {
  const seen = faces === 1 ? '1 face' : `${faces} faces, ${CHOSEN[chosen]}`
  return `${path}: ${width} x ${height} pixels, ${seen}, quality ${short(face.quality)}${face.flaws.map((flaw) => `, ${flaw.replace('_', ' ')}`).join('')}`
}

/** What comes before "pairs". "At most", as the calibration ends at some rate and claims none below it. */
export function describeRate(rate: number): string {
  if (rate >= 0.1) return `at most ${Math.round(rate * 100)} % of`
  return `at most 1 in ${Number((1 / rate).toPrecision(2)).toLocaleString('en')}`
}

/** Four decimals: finer than any threshold. */
export function short(value: number): string {
  return String(Number(value.toFixed(4)))
}
