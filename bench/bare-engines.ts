import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import type { BenchContract } from './bench-worker.js'
import { quantile } from './statistics.js'
import { WorkerProcess } from './worker-process.js'

const WORKER = new URL('./bench-worker.js', import.meta.url)

/** Each compares some 1,500 pairs in it, as each of two inference processes of a service that is warmed up does. */
const WARM_UP_SECONDS = 21

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

  /** Until V8 has compiled what they run. */
  async warmUp(): Promise<void> {
    await this.measure(WARM_UP_SECONDS)
  }

  /** Pairs a second that all of them together compare, in turns. */
  async measure(seconds: number): Promise<number> {
    const request = { task: { kind: 'pairs' as const, pairs: this.pairs }, leastMilliseconds: 1000 * seconds }
    const times = await Promise.all(this.workers.map((worker) => worker.ask(request)))
    return times.reduce((sum, milliseconds) => sum + 1000 / milliseconds, 0)
  }

  /** Milliseconds that the first of them takes for a pair: the median of the pairs. */
  async medianTime(seconds: number): Promise<number> {
    const times: number[] = []
    for (const [reference, live] of this.pairs) {
      const leastMilliseconds = (1000 * seconds) / this.pairs.length
      times.push(await this.workers[0].ask({ task: { kind: 'pair', reference, live }, leastMilliseconds }))
    }
    return quantile(times, 0.5)
  }

  get pids(): number[] {
    return this.workers.flatMap(({ pid }) => pid ?? [])
  }

  stop(): void {
    for (const worker of this.workers) worker.stop()
  }
}
