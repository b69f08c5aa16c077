import { type Condition, measureConditions } from '../changed-pairs.js'
import { faredPlot, faredTable } from '../fared-report.js'
import type { Suite } from './suite.js'

const PAIRS = 240
const STEP = 15
const QUICK_STEP = 90

/** Whether a photo turned by any angle gives the same verdict. */
export const angles: Suite = {
  name: 'angles',
  measures: 'share of pairs accepted with the second photo turned by 0, 15, ... 345 degrees',
  async run(options, signal) {
    const step = options.quick ? QUICK_STEP : STEP
    const conditions = Array.from({ length: 360 / step }, (_, i): Condition => {
      const degrees = i * step
      // 0 too is drawn anew, so that nothing but the angle differs.
      return { curve: 'turned', value: degrees, changesOf: () => [{ kind: 'turn', degrees, background: 'black' }] }
    })
    const fared = await measureConditions(conditions, PAIRS, options, signal)
    const [upright] = fared
    const worst = fared.reduce((least, next) => (next.accepted < least.accepted ? next : least))
    const relative = worst.accepted / upright.accepted
    const text = `${faredTable(fared)}\nleast share accepted, at ${worst.value} degrees: ${relative.toFixed(3)} of the upright share`
    const x = { label: 'turned clockwise, degrees', from: 0, to: 345 }
    return { text, data: { fared, relative }, plots: { accepted: faredPlot('Photos at any angle', x, fared) } }
  },
}
