/**
 * Loaded into the service with `node --import`: watches its event loop, and on SIGUSR2 writes what it saw since the last
 * time as a line of the log.
 */
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
let lastCpu = process.cpuUsage()
setInterval(() => {
  const cpu = process.cpuUsage(lastCpu)
  const computed = (cpu.user + cpu.system) / 1000
  longestBlock = Math.max(longestBlock, Math.min(performance.now() - last, computed))
  last = performance.now()
  lastCpu = process.cpuUsage()
}, RESOLUTION_MS).unref()

process.on('SIGUSR2', () => {
  const report: LoopReport = { msg: 'event loop', longestDelay: delays.max / 1e6, longestBlock }
  process.stdout.write(`${JSON.stringify(report)}\n`)
  delays.reset()
  longestBlock = 0
})
