import { layColumns } from '../../cli/columns.js'
import { descriptorDistance, scaleToLengthOne } from '../../lib/face/descriptors.js'
import { askWorkers } from '../ask-workers.js'
import { crossFitted } from '../cross-fitted.js'
import { plotErrorRates } from '../error-plots.js'
import { type MeasuredSet, measureDistances, ratesOf } from '../evaluation.js'
import { VARIANTS, type Variant, viewKey } from '../face-variants.js'
import { readPairSet } from '../pair-set.js'
import { quantile } from '../statistics.js'
import type { ViewContract, ViewCosts } from '../view-worker.js'
import type { Suite } from './suite.js'

/** Pairs of a kind in each fold of a quick look: too few people to fit the local scaling, which is left out then. */
const QUICK_LIMIT = 3
/** False match rates at which the accepted share is told. */
const RATES = [1e-3, 1e-4]

/** What other chips of a face, and other distances, would give: all from the same faces and landmarks. */
export const variants: Suite = {
  name: 'variants',
  measures: 'what other chips of a face, other distances and 8 bits give, and what they cost',
  async run(options, signal) {
    const { list, photos } = await readPairSet(options, QUICK_LIMIT)
    const tried = VARIANTS.filter((variant) => !(options.quick && variant.scaled))
    const views = [...new Map(tried.flatMap((variant) => variant.views).map((view) => [viewKey(view), view])).values()]
    const places = new Map(views.map((view, i) => [viewKey(view), i]))
    const requests = photos.map(({ path }) => ({ path, views }))
    const script = new URL('../view-worker.js', import.meta.url)
    const { answers, ready } = await askWorkers<ViewContract>(
      script,
      [options.runtime],
      requests,
      options.processes,
      signal,
    )
    const seen = answers.flatMap((answer, i) =>
      answer.failure === undefined ? [{ ...answer, stem: photos[i].stem }] : [],
    )
    const costs = seen.map((face) => face.costs)

    const measure = (variant: Variant): MeasuredSet => {
      const used = variant.views.map((view) => places.get(viewKey(view))!)
      const descriptors = new Map(
        seen.map((face) => [
          face.stem,
          mean(
            used.map((i) => face.descriptors[i]),
            variant.distance === 'cosine',
          ),
        ]),
      )
      const described = { ...ready, descriptors, failures: [], millisecondsPerPhoto: 0 }
      const plain = measureDistances(list, photos, described, descriptorDistance)
      return variant.scaled ? measureDistances(list, photos, described, crossFitted(list, plain)) : plain
    }
    const rows = []
    const drawn: { name: string; set: MeasuredSet }[] = []
    for (const variant of tried) {
      signal.throwIfAborted()
      const set = measure(variant)
      rows.push({ variant, ...ratesOf(set, RATES), milliseconds: costOf(variant, costs) })
      if (variant.drawn) drawn.push({ name: variant.name, set })
    }
    return {
      text: [
        `${ready.description}; ${photos.length} photos, ${photos.length - seen.length} without a face`,
        layColumns([
          ['', 'chips', 'accuracy', 'equal error rate', ...RATES.map((rate) => `accepted at ${rate}`), 'ms a pair'],
          ...rows.map(({ variant, accuracy, equal_error_rate, accepted, milliseconds }) => [
            variant.name,
            String(variant.views.length),
            `${percent(accuracy.mean)} ± ${percent(accuracy.standardError)}`,
            percent(equal_error_rate),
            ...accepted.map((share) => share.toFixed(3)),
            milliseconds.toFixed(1),
          ]),
        ]),
      ].join('\n\n'),
      data: { runtime: ready.description, photos: photos.length, without_face: photos.length - seen.length, rows },
      plots: { 'error-rates': plotErrorRates(drawn) },
    }
  },
}

/** @param toLengthOne what makes Euclidean distance rank as cosine does */
function mean(descriptors: readonly Float32Array[], toLengthOne: boolean): Float32Array {
  const sum = Float32Array.from(descriptors[0], (_, k) => descriptors.reduce((total, one) => total + one[k], 0))
  return toLengthOne ? scaleToLengthOne(sum) : sum.map((value) => value / descriptors.length)
}

/** Milliseconds of processor time of two photos of 250 x 250 pixels: the median photo, twice. */
function costOf({ views }: Variant, costs: readonly ViewCosts[]): number {
  const median = (of: (cost: ViewCosts) => number) => quantile(costs.map(of), 0.5)
  const passes = views.some(({ landmarks }) => landmarks === 'averaged') ? median(({ pass }) => pass) : 0
  const chips = views.reduce((sum, { precision }) => sum + median(({ view }) => view[precision] ?? 0), 0)
  return 2 * (median(({ located }) => located) + passes + chips)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
