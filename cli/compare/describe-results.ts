import type { Comparison } from '../../schemas/compare.js'
import type { ProblemDetails } from '../../schemas/problem.js'
import type { Paint } from '../colours.js'
import { layColumns } from '../columns.js'
import { short, verdictOf } from './describe-comparison.js'

/** What came of one photo. */
export type Result =
  | { readonly photo: string; readonly comparison: Comparison }
  | { readonly photo: string; readonly problem: ProblemDetails }

const COPY_WARNING = 'A copy of the reference proves nothing about who sent it.'

/** A table from the nearest photo on, those that could not be compared last, and what it comes to. */
export function describeResults(results: readonly Result[], reference: string, paint: Paint): string {
  const compared = results
    .flatMap((result) => ('comparison' in result ? [result] : []))
    .sort((a, b) => a.comparison.distance - b.comparison.distance)
  const refused = results.flatMap((result) => ('problem' in result ? [result] : []))
  const rows = compared.map(({ photo, comparison }) => {
    return [comparison.distance.toFixed(4), photo, verdictCell(comparison, paint)]
  })
  const unknown = refused.map(({ photo, problem }) => ['-', photo, paint('yellow', problem.detail)])
  const head = ['distance', 'photo', 'verdict'].map((title) => paint('dim', title))
  const same = compared.filter(({ comparison }) => comparison.identical).length
  const sum = `${same} of ${results.length} ${same === 1 ? 'shows' : 'show'} the person of ${reference}.`
  const threshold = compared.length === 0 ? '' : ` The threshold is ${short(compared[0].comparison.threshold)}.`
  const failed = refused.length === 0 ? '' : ` ${refused.length} could not be compared.`
  const copies = compared.some(({ comparison }) => comparison.same_photo) ? `\n\n${COPY_WARNING}` : ''
  return `${layColumns([head, ...rows, ...unknown])}\n\n${paint('bold', sum)}${threshold}${failed}${copies}`
}

/** A copy is told as such; one that is refused for it is already. */
function verdictCell(comparison: Comparison, paint: Paint): string {
  const { words, look } = verdictOf(comparison)
  const isRefused = look === 'yellow'
  return paint(look, words) + (comparison.same_photo && !isRefused ? paint('yellow', ', a copy of the reference') : '')
}
