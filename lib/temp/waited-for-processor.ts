import { openSync, readSync } from 'node:fs'

/** Run time, waiting time and number of time slices of the main thread, in nanoseconds. Source: Linux, scheduler/sched-stats. */
const STATISTICS = '/proc/self/schedstat'
const buffer = Buffer.alloc(128)
const file = openStatistics()

/**
 * Milliseconds for which this thread could have run but waited, as others had the processor, since it began; always 0 where the
 * system does not tell.
 */
export function waitedForProcessor(): number {
  if (file === undefined) return 0
  try {
    const length = readSync(file, buffer, 0, buffer.length, 0)
    const nanoseconds = Number(buffer.toString('latin1', 0, length).split(' ')[1])
    return Number.isNaN(nanoseconds) ? 0 : nanoseconds / 1e6
  } catch {
    return 0
  }
}

function openStatistics(): number | undefined {
  try {
    return openSync(STATISTICS, 'r')
  } catch {
    return undefined
  }
}
