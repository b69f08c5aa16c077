import { setTimeout as sleep } from 'node:timers/promises'
import type { FaceDescriber } from '../face-describer.js'

/** How long nothing must have been described, so that photos that come one after another need not share their core. */
const IDLE_MS = 1000
/** Between two runs, so that photos that have come are heard of before the second. */
const PAUSE_MS = 1

/**
 * The same describer, which makes these runs one after another once it has described nothing for a while; when photos come
 * in between, it goes on when there were none for a while again. Whoever brings them just then waits for one run at most.
 */
export function runWhileIdle<T extends FaceDescriber>(
  describer: T,
  runs: Iterable<() => Promise<unknown>>,
  idleMs = IDLE_MS,
): T {
  let open = 0
  /** Photos so far that were described, or announced. */
  let begun = 0
  const closing = new AbortController()

  /** @throws AbortError when the describer is closed meanwhile */
  async function untilIdle(): Promise<void> {
    let before: number
    do {
      before = begun
      await sleep(idleMs, undefined, { signal: closing.signal, ref: false })
    } while (open > 0 || begun !== before)
  }

  const finished = (async () => {
    let idleSince: number | undefined
    for (const run of runs) {
      await sleep(PAUSE_MS, undefined, { signal: closing.signal, ref: false })
      if (begun !== idleSince) await untilIdle()
      idleSince = begun
      await run()
    }
  })()
  finished.catch(() => {}) // closed; or it failed, and whoever needs the same run is told

  return {
    ...describer,
    reserve() {
      begun++
      return describer.reserve()
    },
    async describe(photos, options) {
      open++
      begun++
      try {
        return await describer.describe(photos, options)
      } finally {
        open--
      }
    },
    async close() {
      closing.abort()
      await finished.catch(() => {})
      await describer.close()
    },
  }
}
