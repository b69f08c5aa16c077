import { execFile } from 'node:child_process'

/** More than a program needs that makes one system call. */
const TIMEOUT_MS = 5_000

/** How Linux schedules a process, by sched(7): SCHED_BATCH or SCHED_OTHER. */
export type Scheduling = 'batch' | 'normal'

/**
 * Has a process wait, whenever it is woken, until whoever woke it has finished: otherwise Linux may put it on that very CPU at
 * once, and a service that hands two photos to two processes comes to the second one milliseconds later (docs/PERFORMANCE.md).
 * No less of the CPU is its own for that. It takes no privileges, but a program, as Node.js cannot do it: chrt of util-linux or BusyBox.
 * @returns `normal` where there is no such program, or it is not allowed
 */
export function scheduleAsBatch(pid: number): Promise<Scheduling> {
  return new Promise((resolve) => {
    try {
      const limit = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' } as const
      execFile('chrt', ['-b', '-p', '0', String(pid)], limit, (error) => resolve(error ? 'normal' : 'batch'))
    } catch {
      resolve('normal') // A PATH with what is no folder.
    }
  })
}
