import { type Condition, measureConditions } from '../changed-pairs.js'
import { faredPlot, faredTable } from '../fared-report.js'
import type { PhotoChange } from '../photo-changes.js'
import type { Suite } from './suite.js'

const PAIRS = 240

interface Curve {
  readonly name: string
  readonly title: string
  readonly label: string
  readonly values: readonly number[]
  changes(value: number, pair: number): readonly PhotoChange[]
}

const CURVES: readonly Curve[] = [
  {
    name: 'jpeg',
    title: 'JPEG quality',
    label: 'JPEG quality',
    values: [10, 15, 20, 30, 50, 70, 95],
    changes: (quality) => [{ kind: 'jpeg', quality }],
  },
  {
    name: 'blur',
    title: 'Blur',
    label: 'sigma of the blur, in hundredths of the height of the face',
    values: [0, 1, 2, 3, 4, 6],
    // The faces are some 113 pixels high: LFW widened what its detector had found by 2.2, to 250 pixels.
    changes: (value) => (value === 0 ? [] : [{ kind: 'blur', sigma: 1.13 * value }]),
  },
  {
    name: 'noise',
    title: 'Noise',
    label: 'standard deviation of the noise, of 255',
    values: [0, 10, 20, 30, 45, 60],
    changes: (deviation, seed) => [{ kind: 'noise', deviation, seed }],
  },
  {
    name: 'light',
    title: 'Too little and too much light',
    label: 'all values times this, cut off at 255 and rounded',
    values: [0.03, 0.06, 0.12, 0.25, 0.5, 1, 1.5, 2, 3, 4],
    changes: (gain) => [{ kind: 'light', gain, offset: 0 }],
  },
  {
    name: 'cast',
    title: 'Colour cast',
    label: 'red divided and blue multiplied by this (below 1: the other way)',
    values: [0.5, 0.7, 1, 1.4, 2],
    changes: (cast) => [{ kind: 'light', gain: [1 / cast, 1, cast], offset: 0 }],
  },
  { name: 'grey', title: 'Grey', label: '', values: [1], changes: () => [{ kind: 'grey' }] },
]

/** How light and the quality of a photo tell. */
export const conditions: Suite = {
  name: 'conditions',
  measures: 'share of pairs accepted with the second photo compressed, blurred, noisy, dark, bright, tinted, grey',
  async run(options, signal) {
    const all = CURVES.flatMap(({ name, values, changes }) =>
      (options.quick ? values.slice(0, 1) : values).map(
        (value): Condition => ({ curve: name, value, changesOf: (pair) => changes(value, pair) }),
      ),
    )
    const fared = await measureConditions(all, PAIRS, options, signal)
    const plots = CURVES.filter(({ values }) => values.length > 1).map(({ name, title, label }) => {
      const scale = name === 'light' || name === 'cast' ? ('log' as const) : ('linear' as const)
      const rows = fared.filter(({ curve }) => curve === name)
      return [name, faredPlot(title, { label, scale }, rows)]
    })
    return { text: faredTable(fared), data: { fared }, plots: Object.fromEntries(plots) }
  },
}
