import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { ComparisonSchema } from '../../schemas/compare.js'
import { type Portraits, writePortraits } from '../portraits.js'
import { openFiles, residentMemory } from '../process-tree.js'
import { Service } from '../service.js'
import { until } from '../until.js'
import { ATTACKED_SERVICE, type AttackOptions, type AttackResult, attack } from './attack.js'

/** Good comparisons that are made before and after, so that every process has its working memory. */
const GOOD_COMPARISONS = 40

const READY = 'inference process ready'

/** What the service looked like when nothing was going on. */
export interface Condition {
  /** Of a good pair. */
  distance: number
  /** Resident memory of the service and its inference processes together, in bytes. */
  memory: number
  openFiles: number
  workers: number[]
  /** Files of requests that lie in the temp folder. */
  requestFiles: string[]
}

export interface Siege extends AttackResult {
  before: Condition
  after: Condition
  /** What the service wrote about inference processes that ended. */
  deaths: string[]
  /** Files that an inference process died of although the decoder alone survives them. */
  avoidableDeaths: string[]
}

/** Starts the service, attacks it, and looks at it before and after. */
export async function besiege(options: Omit<AttackOptions, 'service' | 'portraits'>): Promise<Siege> {
  const portraits = await writePortraits()
  const service = await Service.start({ env: ATTACKED_SERVICE })
  try {
    const before = await conditionOf(service, portraits)
    const result = await attack({ ...options, service, portraits })
    const after = await conditionOf(service, portraits)
    const deaths = service.log.flatMap(({ msg }) =>
      msg?.startsWith('inference process ') && msg !== READY ? [msg] : [],
    )
    const suspects = result.wrong.filter(({ outcome, content }) => outcome === 503 && content !== undefined)
    const avoidable = suspects.filter(({ content }) => content && decoderSurvives(content))
    return { ...result, before, after, deaths, avoidableDeaths: avoidable.map(({ name }) => name) }
  } finally {
    await service.stop()
    await portraits.remove()
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
    memory: [service.pid, ...workers].reduce((sum, pid) => sum + residentMemory(pid), 0),
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
