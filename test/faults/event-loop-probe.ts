/**
 * Loaded into the service with `node --import`: watches its event loop, and on SIGUSR2 writes what it saw since the last
 * time as a line of the log.
 */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

const RESOLUTION_MS = 5

export interface LoopReport {
  msg: 'event loop'
  /** Longest time between two turns of the loop, in milliseconds. */
  longestDelay: number
  /** Longest time between two turns that the process also computed for: where others wanted the CPU, it only waited. */
  longestBlock: number
}

const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delays.enable()
let longestBlock = 0
let last = performance.now()
let lastComputed = computed()
setInterval(() => {
  longestBlock = Math.max(longestBlock, Math.min(performance.now() - last, computed() - lastComputed))
  last = performance.now()
  lastComputed = computed()
}, RESOLUTION_MS).unref()

/** How long the thread of the loop has computed so far, in milliseconds; where that is not told, all threads. Source: proc(5), schedstat. */
function computed(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

process.on('SIGUSR2', () => {
  const report: LoopReport = { msg: 'event loop', longestDelay: delays.max / 1e6, longestBlock }
  process.stdout.write(`${JSON.stringify(report)}\n`)
  delays.reset()
  longestBlock = 0
})
