import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'

/**
 * How many CPUs this process may keep busy, at least 1: what the scheduler lets it run on (CPU affinity), or less where
 * its container has a CPU quota. Node asks for the quota itself only from version 22 on.
 * A quota of 1.5 CPUs counts as 1: a second process would be paused for half of every period.
 * @param root where /proc and /sys are
 */
export function usableCpus(root = '/', parallelism = availableParallelism()): number {
  const quota = Math.min(quotaOfVersion2(root), quotaOfVersion1(root))
  return Math.max(1, Math.min(parallelism, Math.floor(quota)))
}

/**
 * cgroup v2: "max 100000" or "150000 100000" (microseconds a period) in cpu.max of this group and each group above it.
 * Inside a container its own group is usually all that is visible, as the root.
 */
function quotaOfVersion2(root: string): number {
  const folder = path.join(root, 'sys/fs/cgroup')
  const line = readLine(path.join(root, 'proc/self/cgroup'), /^0::(\/.*)$/m)
  let group = line?.[1] ?? '/'
  let quota = Number.POSITIVE_INFINITY
  for (;;) {
    const limit = readLine(path.join(folder, group, 'cpu.max'), /^(\d+) (\d+)/)
    if (limit) quota = Math.min(quota, Number(limit[1]) / Number(limit[2]))
    if (group === '/') return quota
    group = path.dirname(group)
  }
}

/** cgroup v1, the group as a container sees it: a quota of -1 is none. */
function quotaOfVersion1(root: string): number {
  const folder = path.join(root, 'sys/fs/cgroup/cpu')
  const quota = readLine(path.join(folder, 'cpu.cfs_quota_us'), /^(\d+)/)
  const period = readLine(path.join(folder, 'cpu.cfs_period_us'), /^(\d+)/)
  return quota && period ? Number(quota[1]) / Number(period[1]) : Number.POSITIVE_INFINITY
}

function readLine(file: string, pattern: RegExp): RegExpMatchArray | null {
  try {
    return readFileSync(file, 'utf8').match(pattern)
  } catch {
    return null
  }
}
