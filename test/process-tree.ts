import { readdirSync, readFileSync } from 'node:fs'

/** Whether processes can be looked at: only Linux has /proc. */
export const CAN_SEE_PROCESSES = process.platform === 'linux'

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

/** Resident memory in bytes; 0 when it is gone. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1024
}

/** How many files, sockets and pipes it has open. */
export function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
