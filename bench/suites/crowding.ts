import { layColumns } from '../../cli/columns.js'
import { faceDistance } from '../../lib/face/crowding.js'
import { descriptorDistance } from '../../lib/face/descriptors.js'
import { crossFitted } from '../cross-fitted.js'
import { fitCrowding } from '../crowding-fit.js'
import { describePhotos } from '../describe-photos.js'
import { plotErrorRates } from '../error-plots.js'
import { FALSE_ACCEPT_RATES, measureDistances, ratesOf } from '../evaluation.js'
import { readPairSet } from '../pair-set.js'
import type { Suite } from './suite.js'

/** Pairs of a kind in each fold of a quick look: enough people to fit. */
const QUICK_LIMIT = 30

/** What local scaling gains, and the numbers it ships with: the JSON has them. */
export const crowding: Suite = {
  name: 'crowding',
  measures:
    'what scaling distances by how close strangers are gains, also on people it was not fitted to; fits it anew',
  async run(options, signal) {
    const { list, photos } = await readPairSet(options, QUICK_LIMIT)
    const described = await describePhotos(photos, options, signal)
    const measure = (distanceOf: typeof faceDistance) => measureDistances(list, photos, described, distanceOf)
    const plain = measure(descriptorDistance)
    const sets = [
      { name: 'distance of descriptors', set: plain },
      { name: 'scaled, as shipped', set: measure(faceDistance) },
      { name: 'scaled, fitted to the other folds', set: measure(crossFitted(list, plain)) },
    ]
    const rows = sets.map(({ name, set }) => ({ name, ...ratesOf(set, FALSE_ACCEPT_RATES) }))
    return {
      text: layColumns([
        ['', 'accuracy', 'equal error rate', ...FALSE_ACCEPT_RATES.map((rate) => `accepted at ${rate}`)],
        ...rows.map(({ name, accuracy, equal_error_rate, accepted }) => [
          name,
          `${percent(accuracy.mean)} ± ${percent(accuracy.standardError)}`,
          percent(equal_error_rate),
          ...accepted.map(percent),
        ]),
      ]),
      data: { rows, fit: fitCrowding(plain.described) },
      plots: { 'error-rates': plotErrorRates(sets) },
    }
  },
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
