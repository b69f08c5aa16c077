import { readdirSync, readFileSync } from 'node:fs'

/** Why tests that look at processes are left out; false where they can be seen: only Linux has /proc. */
export const skip = process.platform !== 'linux' && 'processes can only be seen on Linux'

/** What Linux counts processor time in, on every machine that Node runs on. */
const CLOCK_TICK_MS = 10

/** The processes that `parent` has started and that still run. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = readProc(pid, 'stat')
      // After the name, which may hold anything: state and parent.
      const [state, owner] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(owner) === parent && state !== 'Z'
    })
}

/** How it was called, or what it calls itself: its arguments, with a NUL after each; empty when it is gone. */
export function commandLine(pid: number): string {
  return readProc(pid, 'cmdline')
}

/** Sends a signal to a process that may be gone by now; whether it was there. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** Resident memory in bytes; 0 when it is gone. */
export function residentMemory(pid: number): number {
  return kilobytesOf(pid, 'VmRSS') * 1024
}

/** The most resident memory it has had so far, in bytes; 0 when it is gone. */
export function peakMemory(pid: number): number {
  return kilobytesOf(pid, 'VmHWM') * 1024
}

/** Processor time that all its threads have taken so far, in milliseconds; 0 when it is gone. Source: proc(5), utime and stime. */
export function processorTime(pid: number): number {
  const stat = readProc(pid, 'stat')
  // After the name, which may hold anything, from the third field on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * CLOCK_TICK_MS
}

/** How many files, sockets and pipes it has open. */
export function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

function kilobytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readProc(pid, 'status'))?.[1] ?? 0)
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
