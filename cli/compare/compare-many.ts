import { paintFor } from '../colours.js'
import type { ExitCode } from '../command.js'
import type { StatusLine } from '../status-line.js'
import type { CompareArguments } from './compare-options.js'
import { type Comparer, Refusal } from './comparer.js'
import { describeResults, type Result } from './describe-results.js'

/** Compares photos with the reference one after another, and says which show its person. */
export async function compareMany(
  comparer: Comparer,
  { reference, json }: Pick<CompareArguments, 'reference' | 'json'>,
  photos: readonly string[],
  status: StatusLine,
): Promise<ExitCode> {
  const results: Result[] = []
  for (const photo of photos) {
    status.show(`Comparing ${results.length + 1} of ${photos.length} …`)
    const result = await tryToCompare(comparer, reference, photo)
    results.push(result)
    if (!json) continue
    status.clear()
    const reply = 'comparison' in result ? result.comparison : result.problem
    process.stdout.write(`${JSON.stringify({ photo, ...reply })}\n`)
  }
  status.clear()
  if (!json) process.stdout.write(`${describeResults(results, reference, paintFor(process.stdout))}\n`)
  if (results.some((result) => 'comparison' in result && result.comparison.identical)) return 0
  return results.some((result) => 'problem' in result) ? 2 : 1
}

/** @throws Error for a problem that is not about this photo, so that no other photo would fare better */
async function tryToCompare(comparer: Comparer, reference: string, photo: string): Promise<Result> {
  try {
    return { photo, comparison: await comparer.compare(photo) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { problem } = error
    if (problem.field === 'live_image') return { photo, problem }
    throw problem.field === 'reference_image' ? new Error(`${reference}: ${error.message}`, { cause: error }) : error
  }
}
