import { setTimeout } from 'node:timers/promises'
import { processorTime } from '../test/process-tree.js'
import { fireEvenly } from './even-load.js'
import { BUSY_CLIENTS, shoot, type Target } from './http-measurements.js'
import { quantile } from './statistics.js'

/** How far beyond what it can do the service is asked. */
const OVERLOAD = 10

/** Long enough for an overload to be over: until then fewer may wait. */
const PAUSE_SECONDS = 3

export interface Overload {
  /** Requests a second. */
  readonly asked_per_second: number
  /** With as much asked as the service can do with its queue full; of those compared. */
  readonly p99_at_capacity: number
  /** The first overload the service sees: V8 compiles meanwhile what refuses. */
  readonly first: OverloadRow
  /** The same once more, later. */
  readonly again: OverloadRow
}

export interface OverloadRow {
  readonly accepted_per_second: number
  /** Of those compared. */
  readonly p50_milliseconds: number
  readonly p99_milliseconds: number
  /** Those told to come back later. */
  readonly refused: number
  readonly refusal_p50_milliseconds: number
  readonly refusal_p99_milliseconds: number
  readonly failed: number
  readonly cores: CoresInUse
}

/** How many cores each party kept busy during the overload. */
export interface CoresInUse {
  readonly service: number
  /** The inference processes of the service together. */
  readonly inference: number
  /** Who asks: this process, on the same cores. */
  readonly clients: number
}

/** Ten times as many requests as can be compared, evenly over time, whatever becomes of those before. */
export async function measureOverload(target: Target, capacity: number, seconds: number): Promise<Overload> {
  const full = await shoot(target, { clients: (BUSY_CLIENTS + 1) * target.workers, seconds })
  target.progress.step()
  const rate = Math.ceil(OVERLOAD * capacity)
  const first = await overload(target, rate, seconds)
  await setTimeout(1000 * PAUSE_SECONDS, undefined, { signal: target.signal })
  const again = await overload(target, rate, seconds)
  return { asked_per_second: rate, p99_at_capacity: quantile(full.accepted, 0.99), first, again }
}

async function overload({ service, forms, signal, progress }: Target, rate: number, seconds: number) {
  const cores = coresInUse({ service: [service.pid], inference: service.workers(), clients: [process.pid] })
  const answers = await fireEvenly({ url: `${service.url}/compare`, forms, rate, seconds, signal })
  progress.step()
  return {
    accepted_per_second: answers.accepted.length / answers.seconds,
    p50_milliseconds: quantile(answers.accepted, 0.5),
    p99_milliseconds: quantile(answers.accepted, 0.99),
    refused: answers.refused.length,
    refusal_p50_milliseconds: quantile(answers.refused, 0.5),
    refusal_p99_milliseconds: quantile(answers.refused, 0.99),
    failed: answers.failed,
    cores: cores(),
  }
}

/** @returns to be called later: what the processes took since */
function coresInUse(parties: Record<keyof CoresInUse, readonly number[]>): () => CoresInUse {
  const taken = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + processorTime(pid), 0)
  const { service, inference, clients } = parties
  const before = [service, inference, clients].map(taken)
  const begun = performance.now()
  return () => {
    const milliseconds = performance.now() - begun
    const [ofService, ofInference, ofClients] = [service, inference, clients].map(
      (pids, i) => (taken(pids) - before[i]) / milliseconds,
    )
    return { service: ofService, inference: ofInference, clients: ofClients }
  }
}
