import { DEFAULT_FALSE_MATCH_RATE } from '../lib/verdict.js'
import type { DescribedSet } from './describe-photos.js'
import type { Evaluation, WrongPair } from './evaluation.js'

/** What an evaluation prints: the error rates and how they were got. */
export interface EvaluationReport extends Evaluation {
  readonly engine: string
  readonly engine_description: string
  readonly photos: number
  readonly photos_without_face: readonly string[]
  /** Photos that could not be decoded, and why. */
  readonly unusable_photos: DescribedSet['failures']
  readonly milliseconds_per_photo: number
}

export function makeReport(evaluation: Evaluation, photos: number, described: DescribedSet): EvaluationReport {
  return {
    engine: described.runtime,
    engine_description: described.description,
    photos,
    photos_without_face: described.failures.filter(({ reason }) => reason === 'no_face').map(({ photo }) => photo),
    unusable_photos: described.failures.filter(({ reason }) => reason !== 'no_face'),
    milliseconds_per_photo: described.millisecondsPerPhoto,
    ...evaluation,
  }
}

/** The report for people. */
export function formatReport(report: EvaluationReport): string {
  const { accuracy, at_service_threshold: service } = report
  const rows: [string, string][] = [
    ['engine', `${report.engine} (${report.engine_description})`],
    ['photos', `${report.photos}, ${report.milliseconds_per_photo.toFixed(1)} ms an image`],
    ['photos with no face', listed(report.photos_without_face)],
  ]
  if (report.unusable_photos.length > 0) {
    rows.push(['photos not decoded', listed(report.unusable_photos.map(({ photo, reason }) => `${photo} (${reason})`))])
  }
  rows.push(
    ['accuracy', `${percent(accuracy.mean)} ± ${percent(accuracy.standardError)} (${report.folds} folds)`],
    ['equal error rate', percent(report.equal_error_rate)],
  )
  for (const { false_accept_rate, threshold, true_accept_rate } of report.true_accept_rates) {
    const value =
      threshold === null || true_accept_rate === null
        ? 'too few photos to tell'
        : `${percent(true_accept_rate)} (threshold ${threshold.toFixed(4)})`
    rows.push([`true accepts at FAR ${false_accept_rate}`, value])
  }
  rows.push(
    ['service threshold', `${service.threshold.toFixed(4)}, calibrated for FAR ${DEFAULT_FALSE_MATCH_RATE}`],
    ['  false matches', `${service.false_matches.length} of ${report.impostor_pairs} listed pairs`],
    ['', `${percent(service.false_match_rate)} of ${report.impostor_combinations} combinations`],
    ['  false non-matches', `${service.false_non_matches.length} of ${report.genuine_pairs} listed pairs`],
  )
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  return [...table, ...closest(service.false_matches)].join('\n')
}

/** The false matches, worst first: what a user most wants to look at. */
function closest(falseMatches: readonly WrongPair[]): string[] {
  const worst = falseMatches.toSorted((p, q) => (p.distance ?? 2) - (q.distance ?? 2)).slice(0, LISTED)
  return worst.map(({ first, second, distance }) => `    ${distance?.toFixed(4)}  ${first}  ${second}`)
}

/** How many names a line or a list shows; --json has them all. */
const LISTED = 5

function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? `, ... (--json lists all)` : ''
  return names.length === 0 ? '0' : `${names.length}: ${names.slice(0, LISTED).join(', ')}${more}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)} %`
}
