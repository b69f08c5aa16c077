import type { Comparison } from '../../schemas/compare.js'
import { paintFor } from '../colours.js'
import type { ExitCode } from '../command.js'
import type { StatusLine } from '../status-line.js'
import type { CompareArguments } from './compare-options.js'
import { type Comparer, Refusal } from './comparer.js'
import { describeComparison } from './describe-comparison.js'

/** Compares one pair of photos and says what came of it. */
export async function compareOne(
  comparer: Comparer,
  given: CompareArguments,
  live: string,
  status: StatusLine,
): Promise<ExitCode> {
  const { reference, json, annotate } = given
  status.show('Comparing …')
  const comparison = await tryToCompare(comparer, reference, live, json)
  status.clear()
  const words = () => describeComparison(comparison, reference, live, paintFor(process.stdout))
  process.stdout.write(`${json ? JSON.stringify(comparison) : words()}\n`)
  // Last, so that the answer is there also where the drawing cannot be written.
  if (annotate !== undefined) {
    await draw(annotate, comparison, given, live, status)
    if (!json) process.stdout.write(`\nThe drawing is in ${annotate}.\n`)
  }
  return comparison.identical ? 0 : 1
}

async function draw(
  file: string,
  comparison: Comparison,
  { reference, where }: CompareArguments,
  live: string,
  status: StatusLine,
): Promise<void> {
  status.show('Drawing …')
  const { writeDrawing } = await import('./drawing.js')
  const maxPixels = 'here' in where ? where.here.maxPixels : undefined
  const { words } = await writeDrawing(file, comparison, [reference, live], maxPixels)
  status.clear()
  if (!words) process.stderr.write(`There is no font on this machine, so ${file} has no words.\n`)
}

async function tryToCompare(comparer: Comparer, reference: string, live: string, json: boolean): Promise<Comparison> {
  try {
    return await comparer.compare(live)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (json) process.stdout.write(`${JSON.stringify(error.problem)}\n`)
    throw new Error(aboutPhoto(error, reference, live), { cause: error })
  }
}

/** What is wrong, after the name of the photo where it is about one. */
function aboutPhoto({ problem, message }: Refusal, reference: string, live: string): string {
  if (problem.field === 'reference_image') return `${reference}: ${message}`
  return problem.field === 'live_image' ? `${live}: ${message}` : message
}
