import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { processorTime } from '../test/process-tree.js'
import { BareEngines } from './bare-engines.js'
import { type Answers, askNowAndThen, fire } from './cannon.js'
import { type StartedService, withService } from './http-target.js'
import type { Progress } from './progress.js'
import { quantile } from './statistics.js'

/** Clients, for each inference process, that keep all of them busy and the queue from running empty or over. */
export const BUSY_CLIENTS = 4

export interface Target extends StartedService {
  readonly signal: AbortSignal
  readonly progress: Progress
}

export interface Throughput {
  /** Comparisons a second, round by round: over HTTP, and of as many engine processes without it. */
  readonly http: readonly number[]
  readonly bare: readonly number[]
  /** Milliseconds of processor time that a comparison takes each party, over all rounds. */
  readonly processor: ProcessorTime
}

export interface ProcessorTime {
  readonly service: number
  /** The inference processes of the service together. */
  readonly inference: number
  /** Who asks: this process. */
  readonly clients: number
  /** Engine processes without HTTP. */
  readonly bare: number
}

/** Requests by which V8 has compiled most of what a service at work runs: docs/PERFORMANCE.md says what it takes until then. */
const WARM_UP_REQUESTS = 3000

/** Fewer than after which the service closes a connection, which autocannon does not heed. */
const REQUESTS_PER_CONNECTION = 750

/** Makes the service as fast as it is when it has been at work for a while. */
export async function warmUpService(target: Target): Promise<void> {
  await shoot(target, { clients: BUSY_CLIENTS * target.workers, requests: WARM_UP_REQUESTS })
}

/** Makes the service as fast for a lone client as it is when such have asked it for a while, which a busy service is not at once. */
async function warmUpForLoneClient(target: Target): Promise<void> {
  for (let asked = 0; asked < WARM_UP_REQUESTS; asked += REQUESTS_PER_CONNECTION) {
    await shoot(target, { clients: 1, requests: REQUESTS_PER_CONNECTION })
  }
}

/** The service and bare engines in turns, so that whatever slows the machine down for a while slows both. */
export async function measureThroughput(
  target: Target,
  bare: BareEngines,
  rounds: number,
  seconds: number,
): Promise<Throughput> {
  const [service, inference, clients] = [[target.service.pid], target.service.workers(), [process.pid]].map(
    (pids) => new Meter(pids),
  )
  const engines = new Meter(bare.pids)
  const [http, without]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    await engines.while(async () => {
      const rate = await bare.measure(seconds)
      without.push(rate)
      return (rate * (performance.now() - begun)) / 1000
    })
    const shot = shoot(target, { clients: BUSY_CLIENTS * target.workers, seconds })
    await Promise.all(
      [service, inference, clients].map((meter) => meter.while(async () => (await shot).accepted.length)),
    )
    const { accepted, seconds: took } = await shot
    http.push(accepted.length / took)
    target.progress.step()
  }
  const processor = {
    service: service.perComparison,
    inference: inference.perComparison,
    clients: clients.perComparison,
    bare: engines.perComparison,
  }
  return { http, bare: without, processor }
}

/** Adds up what some processes take of the processor while they compare. */
class Meter {
  #milliseconds = 0
  #comparisons = 0

  constructor(private readonly pids: readonly number[]) {}

  get perComparison(): number {
    return this.#milliseconds / this.#comparisons
  }

  /** @param compare how many comparisons were made */
  async while(compare: () => Promise<number>): Promise<void> {
    const before = this.#taken()
    this.#comparisons += await compare()
    this.#milliseconds += this.#taken() - before
  }

  #taken(): number {
    return this.pids.reduce((sum, pid) => sum + processorTime(pid), 0)
  }
}

/** What a lone client waits: milliseconds, round by round, each the median. */
export interface Waits {
  readonly atOnce: readonly number[]
  readonly nowAndThen: readonly number[]
}

/** How long a lone client waits that asks again at once, and one that finds the service idle. */
export interface Alone {
  readonly http: Waits
  /** Where the service has one inference process. */
  readonly oneProcess: Waits
  /** What a pair takes one engine process without HTTP: milliseconds, round by round, each the median. */
  readonly bare: readonly number[]
}

/** How long a client pauses that asks now and then, and how often it asks in a round. */
export const PAUSE_MS = 100
const REQUESTS_WITH_PAUSES = 20

/** How much the service gains for a lone client by sharing a comparison between two processes. */
export async function measureAlone(target: Target, runtime: RuntimeChoice, rounds: number): Promise<Alone> {
  const bare = await BareEngines.start(1, runtime, target.portraits, target.signal)
  await bare.warmUp()
  const noWaits = () => ({ atOnce: [] as number[], nowAndThen: [] as number[] })
  const times = { http: noWaits(), oneProcess: noWaits(), bare: [] as number[] }
  const ask = async (asked: Target, { atOnce, nowAndThen }: ReturnType<typeof noWaits>) => {
    atOnce.push(quantile((await shoot(asked, { clients: 1, seconds: 1 })).accepted, 0.5))
    const load = { url: compareUrl(asked), forms: asked.forms, signal: asked.signal, requests: REQUESTS_WITH_PAUSES }
    nowAndThen.push(quantile(await askNowAndThen(load, PAUSE_MS), 0.5))
  }
  await withService(runtime, 1, async (started) => {
    const alone = { ...target, ...started }
    await warmUpService(alone)
    for (const asked of [alone, target]) await warmUpForLoneClient(asked)
    for (let round = 0; round < rounds; round++) {
      times.bare.push(await bare.medianTime(1))
      await ask(alone, times.oneProcess)
      await ask(target, times.http)
    }
  })
  bare.stop()
  target.progress.step()
  return times
}

export interface ClientsRow {
  readonly clients: number
  readonly accepted_per_second: number
  readonly p50_milliseconds: number
  readonly p99_milliseconds: number
  readonly refused: number
  readonly failed: number
}

/** What clients see that ask again as soon as they are answered, whatever the answer. */
export async function measureClients(target: Target, clients: number, seconds: number): Promise<ClientsRow> {
  const answers = await shoot(target, { clients, seconds })
  target.progress.step()
  return {
    clients,
    accepted_per_second: answers.accepted.length / answers.seconds,
    p50_milliseconds: quantile(answers.accepted, 0.5),
    p99_milliseconds: quantile(answers.accepted, 0.99),
    refused: answers.refused.length,
    failed: answers.failed,
  }
}

interface Shot {
  readonly clients: number
  readonly seconds?: number
  readonly requests?: number
}

export function shoot(target: Target, shot: Shot): Promise<Answers> {
  const { forms, signal } = target
  return fire({ url: compareUrl(target), forms, signal, ...shot })
}

function compareUrl({ service }: Target): string {
  return `${service.url}/compare`
}
