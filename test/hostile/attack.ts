import { readFile } from 'node:fs/promises'
import type { Portraits } from '../portraits.js'
import type { Service } from '../service.js'
import { badRequests, photoRequest } from './bad-requests.js'
import { bombs } from './bombs.js'
import { type BadFile, DAMAGES } from './damage.js'
import { Random } from './random.js'
import { type Outcome, sendRaw } from './send.js'
import { soundPictures } from './sound-pictures.js'

/** Settings under which an attack does not take hours: who sends slowly is cut off after a few seconds. */
export const ATTACKED_SERVICE = { FACEMETRIC_UPLOAD_TIMEOUT: '6' }

export interface AttackOptions {
  readonly service: Service
  readonly portraits: Portraits
  /** What it was is printed with the result: the same seed makes the same uploads. */
  readonly seed: number
  /** How many bad uploads are sent at least. */
  readonly uploads: number
  /** How many are under way at any time. */
  readonly clients: number
  /** Whether those that take seconds by their nature are sent as well. */
  readonly slow: boolean
  onProgress?(done: number): void
}

export interface AttackResult {
  /** Uploads that were bad and were answered as such. */
  refused: number
  /** Damaged files out of which a decoder can make a picture all the same: they were compared. */
  sound: number
  /** How often each outcome came. */
  outcomes: Record<string, number>
  /** What was answered as it must not be. */
  wrong: { name: string; outcome: Outcome; content?: Buffer }[]
}

interface Upload {
  readonly name: string
  readonly content?: Buffer
  readonly mayBeSound: boolean
  send(): Promise<Outcome>
}

/** Sends bad uploads to the service and judges the answers: 4xx or a closed connection is right. */
export async function attack(options: AttackOptions): Promise<AttackResult> {
  const result: AttackResult = { refused: 0, sound: 0, outcomes: {}, wrong: [] }
  const { slow, quick } = await prepare(options)
  const waiting = slow.map((upload) => run(upload, result))
  const client = async () => {
    for (const upload of quick) {
      await run(upload, result)
      options.onProgress?.(result.refused)
      if (result.refused >= options.uploads) return
    }
  }
  await Promise.all(Array.from({ length: options.clients }, client))
  await Promise.all(waiting)
  return result
}

async function run(upload: Upload, result: AttackResult): Promise<void> {
  const outcome = await upload.send()
  result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1
  if (outcome === 200 && upload.mayBeSound) result.sound++
  else if (outcome === 'closed' || (typeof outcome === 'number' && outcome >= 400 && outcome < 500)) result.refused++
  else result.wrong.push({ name: upload.name, outcome, content: upload.content })
}

async function prepare({ service, portraits, seed, slow }: AttackOptions) {
  const { hostname: host, port } = new URL(service.url)
  const address = { host, port: Number(port) }
  const [portrait, other] = await Promise.all([readFile(portraits.path(0)), readFile(portraits.path(1))])
  const random = new Random(seed)

  const asUpload = ({ name, content, mayBeSound }: BadFile): Upload => {
    const pair = random.below(2) === 0 ? [content, other] : [other, content]
    const send = () => sendRaw({ ...address, pieces: [photoRequest(pair[0], pair[1])] })
    return { name, content, mayBeSound, send }
  }
  const requests = badRequests(portrait).map((bad) => ({
    name: bad.name,
    slow: bad.slow,
    mayBeSound: false,
    send: () => sendRaw({ ...address, ...bad.request }),
  }))
  const pictures = await soundPictures(portraits.path(0))
  const files = await bombs(portrait)

  /** Each bomb and each wrong request once, then one damaged picture after another without end. */
  function* all(): Generator<Upload> {
    yield* requests.filter((request) => !request.slow)
    for (const file of files) yield asUpload(file)
    for (;;) {
      for (const damage of DAMAGES) yield asUpload(damage(random.pick(pictures), random, pictures))
    }
  }
  return { slow: slow ? requests.filter((request) => request.slow) : [], quick: all() }
}
