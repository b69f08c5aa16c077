import { Value } from 'typebox/value'
import { usableCpus } from '../lib/pool/usable-cpus.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { ComparisonSchema } from '../schemas/compare.js'
import { formOf } from '../test/service.js'
import { withService } from './http-target.js'
import { quantile } from './statistics.js'

/** Requests under way at any time, for each inference process: one that is worked on, one that waits. */
const CLIENTS_PER_PROCESS = 2

export interface HttpLoadOptions {
  readonly runtime: RuntimeChoice
  /** How long requests are counted. */
  readonly seconds: number
  readonly signal: AbortSignal
}

export interface HttpLoad {
  /** Runtime of the networks. */
  readonly engine: string
  readonly requests_per_second: number
  readonly requests: number
  readonly inference_processes: number
  /** Requests under way at any time. */
  readonly clients: number
  readonly median_milliseconds: number
  /** 95 of 100 requests take at most this long. */
  readonly p95_milliseconds: number
}

/**
 * Starts the service as its users do and asks it as fast as it answers, from this process.
 * @throws Error when the service does not start, or answers anything but 200
 */
export async function measureHttp({ runtime, seconds, signal }: HttpLoadOptions): Promise<HttpLoad> {
  return withService(runtime, usableCpus(), async ({ service, portraits, workers }) => {
    const url = `${service.url}/compare`
    const clients = CLIENTS_PER_PROCESS * workers
    const bodies = portraits.map((portrait, i) => formOf(portrait, portraits[(i + 1) % portraits.length]))
    const ask = async (i: number) => {
      const begun = performance.now()
      const response = await fetch(url, { method: 'POST', body: bodies[i % bodies.length], signal })
      const text = await response.text()
      const milliseconds = performance.now() - begun
      if (response.status !== 200) throw new Error(`the service answered ${response.status}: ${text}`)
      return { milliseconds, engine: Value.Parse(ComparisonSchema, JSON.parse(text)).engine }
    }
    // Warms up every process.
    const [{ engine }] = await Promise.all(Array.from({ length: clients }, (_, i) => ask(i)))

    const begun = performance.now()
    const times: number[] = []
    const client = async (first: number) => {
      for (let i = first; performance.now() - begun < 1000 * seconds; i += clients)
        times.push((await ask(i)).milliseconds)
    }
    await Promise.all(Array.from({ length: clients }, (_, i) => client(i)))
    return {
      engine,
      requests_per_second: (1000 * times.length) / (performance.now() - begun),
      requests: times.length,
      inference_processes: workers,
      clients,
      median_milliseconds: quantile(times, 0.5),
      p95_milliseconds: quantile(times, 0.95),
    }
  })
}
