import { Counter, Histogram, type Registry } from 'prom-client'

/** Seconds. A probe takes a millisecond; a comparison may take until its deadline. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const PHASE_BUCKETS = [0.001, 0.0025, ...REQUEST_BUCKETS]
/** What a label says where there is nothing to say. */
const NONE = 'none'

/** So many requests are counted together: one after the other that takes a fraction of what it does in between everything else. */
const COUNTED_TOGETHER = 50

/** What is counted of a request; times in milliseconds. */
export interface CountedRequest {
  readonly method?: string
  readonly route?: string
  readonly status: number
  readonly milliseconds: number
  /** The code of the problem it was answered with. */
  readonly problem?: string
  readonly identical?: boolean
  readonly phases?: Readonly<Record<string, number>>
}

/** Counts requests; no label holds anything a client made up. */
export class RequestMetrics {
  /** Those that are not counted yet. */
  readonly #ended: CountedRequest[] = []
  readonly #requests
  readonly #durations
  readonly #problems
  readonly #comparisons
  readonly #phases

  constructor(registry: Registry) {
    const registers = [registry]
    this.#requests = new Counter({
      name: 'facemetric_http_requests_total',
      help: 'Requests that have ended, by the pattern of their route; code 499 where the client left',
      labelNames: ['method', 'route', 'code'] as const,
      registers,
    })
    this.#durations = new Histogram({
      name: 'facemetric_http_request_duration_seconds',
      help: 'From the head of a request to the last byte of its reply',
      labelNames: ['method', 'route'] as const,
      buckets: REQUEST_BUCKETS,
      registers,
    })
    this.#problems = new Counter({
      name: 'facemetric_http_problems_total',
      help: 'Requests answered with an error, by its code',
      labelNames: ['problem'] as const,
      registers,
    })
    this.#comparisons = new Counter({
      name: 'facemetric_comparisons_total',
      help: 'Pairs that were compared, by the answer',
      labelNames: ['result'] as const,
      registers,
    })
    this.#phases = new Histogram({
      name: 'facemetric_comparison_phase_duration_seconds',
      help: 'How long each phase of a comparison took',
      labelNames: ['phase'] as const,
      buckets: PHASE_BUCKETS,
      registers,
    })
  }

  /** Takes a request down; it shows after `countAll`. */
  count(request: CountedRequest): void {
    this.#ended.push(request)
    if (this.#ended.length >= COUNTED_TOGETHER) this.countAll()
  }

  /** Counts all that was taken down: to be called before anybody looks. */
  countAll(): void {
    for (const request of this.#ended.splice(0)) this.#count(request)
  }

  #count({ method = NONE, route = NONE, status, milliseconds, problem, identical, phases = {} }: CountedRequest): void {
    this.#requests.inc({ method, route, code: status })
    this.#durations.observe({ method, route }, milliseconds / 1000)
    if (problem !== undefined) this.#problems.inc({ problem })
    if (identical !== undefined) this.#comparisons.inc({ result: identical ? 'identical' : 'different' })
    for (const [phase, took] of Object.entries(phases)) this.#phases.observe({ phase }, took / 1000)
  }
}
