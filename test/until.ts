import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until `check` is true, which it has to be within `seconds`; gives how many milliseconds it took. */
export async function until(what: string, check: () => boolean | Promise<boolean>, seconds = 30): Promise<number> {
  const started = performance.now()
  while (!(await check())) {
    if (performance.now() - started > seconds * 1000) throw new Error(`not within ${seconds} s: ${what}`)
    await sleep(10)
  }
  return performance.now() - started
}

/** Whether a process runs: one that has ended and is only waiting to be asked how does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' && process.platform !== 'linux'
  }
}
