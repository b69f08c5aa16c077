import { setImmediate as turn } from 'node:timers/promises'
import type { FaceDescriber } from './face-describer.js'

/**
 * The same describer, which makes these runs one after another while it describes nothing: whoever brings photos waits for
 * one of them at most.
 */
export function runWhileIdle<T extends FaceDescriber>(describer: T, runs: Iterable<() => Promise<unknown>>): T {
  let open = 0
  let closed = false
  let onIdle = () => {}

  const finished = (async () => {
    for (const run of runs) {
      await turn() // what has come meanwhile goes first
      while (open > 0) await new Promise<void>((resolve) => (onIdle = resolve))
      if (closed) return
      await run()
    }
  })()
  finished.catch(() => {}) // whoever needs the same run is told

  return {
    ...describer,
    async describe(photos, options) {
      open++
      try {
        return await describer.describe(photos, options)
      } finally {
        open--
        if (open === 0) onIdle()
      }
    },
    async close() {
      closed = true
      await finished.catch(() => {})
      await describer.close()
    },
  }
}
