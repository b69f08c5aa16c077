import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { BenchContract } from './bench-worker.js'
import { WorkerProcess } from './worker-process.js'

const WORKER = new URL('./bench-worker.js', import.meta.url)

/** As many processes as the service has, each comparing photos one after another, with nothing in front. */
export class BareEngines {
  private constructor(
    readonly description: string,
    private readonly workers: readonly WorkerProcess<BenchContract>[],
    private readonly pairs: readonly (readonly [reference: string, live: string])[],
  ) {}

  /** @param threads of each process */
  static async start(
    count: number,
    runtime: RuntimeChoice,
    portraits: readonly string[],
    signal: AbortSignal,
    threads = 1,
  ) {
    const args = ['facemetric', runtime, String(threads)]
    const start = () => WorkerProcess.start<BenchContract>(WORKER, args, signal)
    const started = await Promise.all(Array.from({ length: count }, start))
    const pairs = portraits.map((portrait, i) => [portrait, portraits[(i + 1) % portraits.length]] as const)
    return new BareEngines(
      started[0].ready,
      started.map(({ worker }) => worker),
      pairs,
    )
  }

  /** Pairs a second that all of them together compare. */
  async measure(seconds: number): Promise<number> {
    const leastMilliseconds = (1000 * seconds) / this.pairs.length
    const rates = await Promise.all(
      this.workers.map(async (worker) => {
        let milliseconds = 0
        for (const [reference, live] of this.pairs) {
          milliseconds += await worker.ask({ task: { kind: 'pair', reference, live }, leastMilliseconds })
        }
        return (1000 * this.pairs.length) / milliseconds
      }),
    )
    return rates.reduce((sum, rate) => sum + rate, 0)
  }

  get pids(): number[] {
    return this.workers.flatMap(({ pid }) => pid ?? [])
  }

  stop(): void {
    for (const worker of this.workers) worker.stop()
  }
}
