import { type Condition, measureConditions } from '../changed-pairs.js'
import { faredPlot, faredTable } from '../fared-report.js'
import type { Suite } from './suite.js'

/** Enough to tell a share of 0.96 from one of 0.97 over all angles; one angle alone has a standard error of 1 %. */
const PAIRS = 300
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
    const turned = fared.slice(1)
    const onAverage = turned.reduce((sum, { accepted }) => sum + accepted, 0) / turned.length / upright.accepted
    const text = [
      faredTable(fared),
      `least share accepted, at ${worst.value} degrees: ${relative.toFixed(3)} of the upright share`,
      `on average over all turned: ${onAverage.toFixed(3)}`,
    ].join('\n')
    const x = { label: 'turned clockwise, degrees', from: 0, to: 345 }
    return {
      text,
      data: { fared, relative, onAverage },
      plots: { accepted: faredPlot('Photos at any angle', x, fared) },
    }
  },
}
