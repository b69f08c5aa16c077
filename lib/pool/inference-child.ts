/**
 * An inference process: the pool forks this file, tells it what to load, and gives it photos to describe. It takes them
 * one job after another.
 */
import { writeFileSync } from 'node:fs'
import { keepMemoryOutOfCoreDumps } from '../core-dumps.js'
import { FaceError } from '../errors.js'
import type { LoadedDescriber } from '../load-describer.js'
import type { ChildMessage, DescribeMessage, ParentMessage, StartMessage } from './messages.js'

const MEMORY_CHECK_MS = 100

process.title = 'facemetric inference'
// Ctrl-C and "stop the whole group" reach this process as well; the parent finishes what it accepted, and needs it for that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// The parent is gone, in whatever way. Not process.exit(): that waits for native threads, which may hang.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
preferForOutOfMemory()
keepMemoryOutOfCoreDumps()

let describer: LoadedDescriber | undefined
/** Settled when all that was given is done. */
let done = Promise.resolve()

// The pool's own words: it is they who check what comes back.
process.on('message', (message: ParentMessage) => {
  if (message.type === 'start') void start(message)
  else done = done.then(() => describe(message))
})

async function start(options: StartMessage): Promise<void> {
  watchMemory(options.memoryLimit)
  try {
    // Loaded here and not at the top, so that a native library that does not load is told instead of a crash.
    const { loadDescriber } = await import('../load-describer.js')
    const loaded = await loadDescriber({ ...options.describer, warmUp: true })
    describer = loaded
    const { runtime, description, failed } = loaded
    send({ type: 'ready', engine: { runtime, description, failed: [...failed] } })
  } catch (error) {
    endWith({ type: 'not_started', reason: error instanceof Error ? error.message : String(error) })
  }
}

async function describe({ photos, faces, apart, searchFor, tellLastStep }: DescribeMessage): Promise<void> {
  try {
    if (describer === undefined) throw new Error('the networks are not loaded yet')
    const onLastStep = tellLastStep ? () => send({ type: 'nearly_done' }) : undefined
    const description = await describer.describe(photos, { faces, apart, searchFor, onLastStep })
    send({ type: 'described', description })
  } catch (error) {
    send(asMessage(error))
  }
}

function asMessage(error: unknown): ChildMessage {
  if (error instanceof FaceError) {
    return { type: 'refused', code: error.code, message: error.message, field: error.field }
  }
  if (!(error instanceof Error)) return { type: 'failed', message: String(error) }
  const { message, stack, code }: NodeJS.ErrnoException = error
  return { type: 'failed', message, stack, ...(typeof code === 'string' ? { code } : {}) }
}

/** V8's limit covers JavaScript objects only; pixels and tensors are outside of it. */
function watchMemory(limit: number): void {
  const check = () => {
    const used = process.memoryUsage.rss()
    if (used <= limit) return
    clearInterval(timer)
    const [usedMegabytes, limitMegabytes] = [used, limit].map((bytes) => Math.round(bytes / 2 ** 20))
    endWith({
      type: 'ending',
      reason: `took ${usedMegabytes} MB of memory, more than the ${limitMegabytes} MB it may`,
    })
  }
  const timer = setInterval(check, MEMORY_CHECK_MS).unref()
}

/** Where Linux runs out of memory, it shall end a process that is replaced, not the service. */
function preferForOutOfMemory(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '800')
  } catch {
    // Not Linux, or not allowed: then the kernel chooses as it does.
  }
}

function send(message: ChildMessage): void {
  process.send?.(message)
}

function endWith(message: ChildMessage): void {
  process.send?.(message, () => process.kill(process.pid, 'SIGKILL'))
}
