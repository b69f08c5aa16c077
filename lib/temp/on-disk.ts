/** Mean milliseconds of an operation from which a disk counts as slow: on a quick one it takes less than a tenth of one. */
const SLOW_MS = 2
/**
 * Weight of the newest operation in that mean: a single one of 100 ms is enough. On a busy processor each may take some
 * milliseconds now and then, through no fault of the disk.
 */
const NEWEST_WEIGHT = 0.02
/** How long a slow disk is left to other threads, until it is tried again. */
const AVOIDED_MS = 10_000

let meanMs = 0
let avoidedUntil = Number.NEGATIVE_INFINITY

/**
 * Does something small with temporary files: at once while that takes no time, as in memory and on most disks, where
 * handing it to another thread and waiting for it costs several times as much as the thing itself; on another thread
 * while the disk is slow, so that nobody else has to wait for it.
 * @param atOnce keeps this thread until it is done; a few calls of the system
 * @param elsewhere the same on another thread
 */
export async function onDisk<T>(atOnce: () => T, elsewhere: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  if (begun < avoidedUntil) return elsewhere()
  try {
    return atOnce()
  } finally {
    const ended = performance.now()
    meanMs += NEWEST_WEIGHT * (ended - begun - meanMs)
    if (meanMs > SLOW_MS) {
      meanMs = 0
      avoidedUntil = ended + AVOIDED_MS
    }
  }
}
