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
  const showProgress = () => status.show(`Comparing ${results.length + 1} of ${photos.length} …`)
  showProgress()
  for await (const result of inOrder(photos, comparer.atATime, (photo) => tryToCompare(comparer, reference, photo))) {
    results.push(result)
    if (json) {
      status.clear()
      const { photo } = result
      const reply = 'comparison' in result ? result.comparison : result.problem
      process.stdout.write(`${JSON.stringify({ photo, ...reply })}\n`)
    }
    if (results.length < photos.length) showProgress()
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

/** What `work` makes of each item, in their order; it is at work on several at a time. */
async function* inOrder<Item, Made>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<Made>,
): AsyncGenerator<Made> {
  const begun: Promise<Made>[] = []
  for (const item of items) {
    const made = work(item)
    made.catch(() => {}) // It is told when it is its turn.
    begun.push(made)
    if (begun.length >= atATime) yield* begun.splice(0, 1)
  }
  yield* begun
}
