import type { PresetName } from '../lib/face/presets.js'
import type { SuiteResult } from './suites/suite.js'

/** What a suite says of each preset as one result; of one preset as it is. */
export function joinResults(results: readonly { preset: PresetName; result: SuiteResult }[]): SuiteResult {
  if (results.length === 1) return results[0].result
  return {
    text: results.map(({ preset, result }) => `preset ${preset}\n\n${result.text}`).join('\n\n'),
    data: Object.fromEntries(results.map(({ preset, result }) => [preset, result.data])),
    plots: Object.fromEntries(
      results.flatMap(({ preset, result }) =>
        Object.entries(result.plots ?? {}).map(([name, plot]) => [`${name}-${preset}`, plot]),
      ),
    ),
  }
}
