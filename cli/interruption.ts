const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const cleanUps = new Set<() => void>()

/**
 * Has `cleanUp` run, at once and synchronously, when Ctrl-C or a signal ends the process. The process then ends by that
 * signal, as one does that never heard of it: a shell script that runs it ends as well.
 * @returns takes it back
 */
export function onInterruption(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt)
  cleanUps.add(cleanUp)
  return () => {
    cleanUps.delete(cleanUp)
    if (cleanUps.size === 0) releaseSignals()
  }
}

function interrupt(signal: NodeJS.Signals): void {
  for (const cleanUp of cleanUps) cleanUp()
  releaseSignals()
  process.kill(process.pid, signal)
}

function releaseSignals(): void {
  for (const signal of SIGNALS) process.off(signal, interrupt)
}
