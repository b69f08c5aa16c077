import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { ComparisonSchema } from '../../schemas/compare.js'
import { type Portraits, writePortraits } from '../portraits.js'
import { openFiles, residentMemory } from '../process-tree.js'
import { Service } from '../service.js'
import { until } from '../until.js'
import { ATTACKED_SERVICE, Attack, type AttackOptions, type AttackResult } from './attack.js'
import { largePhotos } from './large-photos.js'

/** Good comparisons that are made before it is looked at, so that every process has its working memory. */
const GOOD_COMPARISONS = 40
/** How many rounds of large photos each process sees first, at the least. */
const LARGE_ROUNDS = 3

const READY = 'inference process ready'

/** What the service looked like when nothing was going on. */
export interface Condition {
  /** Of a good pair. */
  distance: number
  /** Resident memory, in bytes: of the service, and of its inference processes together. */
  serviceMemory: number
  workerMemory: number
  openFiles: number
  workers: number[]
  /** Files of requests that lie in the temp folder. */
  requestFiles: string[]
}

export interface SiegeOptions extends Omit<AttackOptions, 'service' | 'portraits'> {
  /** How many bad uploads are to be refused at least. */
  uploads: number
  /** Whether those that take seconds by their nature are sent as well, and large photos that are in order before. */
  slow: boolean
}

export interface Siege extends AttackResult {
  /** How it began; after the first quarter, with all that is sent once; after half, three quarters, and all of it. */
  conditions: Condition[]
  /** What the service wrote about inference processes that ended. */
  deaths: string[]
  /** Files that an inference process died of although the decoder alone survives them. */
  avoidableDeaths: string[]
}

/**
 * Starts the service, attacks it, and looks at it before, meanwhile and after. Libraries keep the memory that the most
 * demanding photo took, for the next one; so whether memory grows shows once everything has been seen: from the first quarter on.
 */
export async function besiege({ uploads, slow, ...options }: SiegeOptions): Promise<Siege> {
  const portraits = await writePortraits()
  const service = await Service.start({ env: ATTACKED_SERVICE })
  try {
    const attack = await Attack.prepare({ ...options, service, portraits })
    const conditions = [await conditionOf(service, portraits)]
    if (slow) await sendLargePhotos(service)
    await Promise.all([attack.sendSingles(), slow && attack.sendSlowOnes()])
    for (let quarter = 1; quarter <= 4; quarter++) {
      await attack.sendDamaged((uploads * quarter) / 4)
      conditions.push(await conditionOf(service, portraits))
    }
    const deaths = service.log.flatMap(({ msg }) =>
      msg?.startsWith('inference process ') && msg !== READY ? [msg] : [],
    )
    const { result } = attack
    const suspects = result.wrong.filter(({ outcome, content }) => outcome === 503 && content !== undefined)
    const avoidable = suspects.filter(({ content }) => content && decoderSurvives(content))
    return { ...result, conditions, deaths, avoidableDeaths: avoidable.map(({ name }) => name) }
  } finally {
    await service.stop()
    await portraits.remove()
  }
}

/** The photos that take the most memory of those that are in order. */
async function sendLargePhotos(service: Service): Promise<void> {
  const photos = await largePhotos()
  for (let round = 0; round < LARGE_ROUNDS; round++) {
    // As many at a time as there are processes, so that each has one.
    for (const photo of photos) await Promise.all(service.workers().map(() => send(photo)))
  }
  async function send(photo: Buffer): Promise<void> {
    const form = new FormData()
    for (const field of ['reference_image', 'live_image']) form.set(field, new Blob([Uint8Array.from(photo)]), 'photo')
    await (await fetch(`${service.url}/compare`, { method: 'POST', body: form })).text()
  }
}

async function conditionOf(service: Service, portraits: Portraits): Promise<Condition> {
  let distance = Number.NaN
  for (let i = 0; i < GOOD_COMPARISONS; i += 2) {
    const pair = () => service.compare(portraits.path(0), portraits.path(1))
    for (const response of await Promise.all([pair(), pair()])) {
      distance = Value.Parse(ComparisonSchema, await response.json()).distance
    }
  }
  await until('no request is left', () => service.requestFiles().length === 0)
  await sleep(1000)
  const workers = service.workers()
  return {
    distance,
    serviceMemory: residentMemory(service.pid),
    workerMemory: workers.reduce((sum, pid) => sum + residentMemory(pid), 0),
    openFiles: [service.pid, ...workers].reduce((sum, pid) => sum + openFiles(pid), 0),
    workers,
    requestFiles: service.requestFiles(),
  }
}

const SHARP = createRequire(import.meta.url).resolve('sharp')
const DECODE = `
  const chunks = []
  process.stdin.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    require(${JSON.stringify(SHARP)})(Buffer.concat(chunks), { limitInputPixels: false }).raw().toBuffer().catch(() => {})
  })`

/** Whether a process that only decodes the file lives on. */
function decoderSurvives(content: Buffer): boolean {
  const { signal, status } = spawnSync(process.execPath, ['-e', DECODE], { input: content, timeout: 60_000 })
  return signal === null && status === 0
}
