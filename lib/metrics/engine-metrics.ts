import { Counter, Gauge, type Registry } from 'prom-client'
import type { FaceEngine } from '../face-engine.js'
import { KEEPER_STATES } from '../pool/process-keeper.js'
import { VERSION } from '../version.js'
import { residentMemory } from './resident-memory.js'

/** What the face engine is and, where it has processes of its own, how they and their queue are; looked at when asked for. */
export function registerEngineMetrics(registry: Registry, engine: () => FaceEngine): void {
  const registers = [registry]
  new Gauge({
    name: 'facemetric_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'engine'] as const,
    registers,
    collect() {
      this.reset()
      this.set({ version: VERSION, engine: engine().runtime ?? 'none' }, 1)
    },
  })
  new Gauge({
    name: 'facemetric_ready',
    help: '1 while photos can be compared, otherwise 0',
    registers,
    collect() {
      this.set(engine().readiness().ready ? 1 : 0)
    },
  })
  const pool = () => engine().stats?.()
  new Gauge({
    name: 'facemetric_queue_length',
    help: 'Comparisons that wait for an inference process',
    registers,
    collect() {
      this.set(pool()?.queued ?? 0)
    },
  })
  new Gauge({
    name: 'facemetric_queue_limit',
    help: 'How many comparisons may wait, fewer during overload',
    registers,
    collect() {
      this.set(pool()?.queueLimit ?? 0)
    },
  })
  new Gauge({
    name: 'facemetric_workers',
    help: 'Inference processes by what they are doing',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const processes = pool()?.processes ?? []
      for (const state of KEEPER_STATES) this.set({ state }, processes.filter((each) => each.state === state).length)
    },
  })
  new Counter({
    name: 'facemetric_worker_restarts_total',
    help: 'Inference processes that were started in place of others that had ended',
    registers,
    collect() {
      this.reset()
      this.inc(pool()?.restarts ?? 0)
    },
  })
  new Gauge({
    name: 'facemetric_worker_resident_memory_bytes',
    help: 'Memory of each inference process, by its place in the pool; on Linux',
    labelNames: ['worker'] as const,
    registers,
    async collect() {
      const processes = pool()?.processes ?? []
      const sizes = await Promise.all(processes.map(({ pid }) => residentMemory(pid)))
      this.reset()
      for (const [worker, bytes] of sizes.entries()) if (bytes !== undefined) this.set({ worker }, bytes)
    },
  })
}
