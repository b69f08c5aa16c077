import { readFile } from 'node:fs/promises'
import { Random } from '../../bench/random.js'
import type { Portraits } from '../portraits.js'
import type { Service } from '../service.js'
import { badRequests } from './bad-requests.js'
import { bombs } from './bombs.js'
import { type BadFile, DAMAGES } from './damage.js'
import { metadataBombs } from './metadata-bombs.js'
import { formRequest, jsonRequest, type Request } from './requests.js'
import { type Outcome, sendRaw } from './send.js'
import { soundPictures } from './sound-pictures.js'

/**
 * Settings under which an attack does not take hours: who sends slowly is cut off after a few seconds. And a machine that is
 * busy with something else must not look like a process that hangs.
 */
export const ATTACKED_SERVICE = { FACEMETRIC_UPLOAD_TIMEOUT: '6', FACEMETRIC_TIMEOUT: '60' }

export interface AttackOptions {
  readonly service: Service
  readonly portraits: Portraits
  /** What it was is printed with the result: the same seed makes the same uploads. */
  readonly seed: number
  /** How many are under way at any time. */
  readonly clients: number
  /** Told how many were refused so far. */
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
  readonly request: Request
  /** The file, where that is what is bad. */
  readonly content?: Buffer
  readonly mayBeSound: boolean
}

/** Sends bad uploads to the service and judges the answers: 4xx or a closed connection is right. */
export class Attack {
  readonly result: AttackResult = { refused: 0, sound: 0, outcomes: {}, wrong: [] }

  private constructor(
    private readonly options: AttackOptions,
    /** Each bomb and each wrong request, once. */
    private readonly singles: readonly Upload[],
    /** What takes seconds by its nature. */
    private readonly slow: readonly Upload[],
    /** One damaged picture after another without end. */
    private readonly damaged: Iterator<Upload, never>,
  ) {}

  static async prepare(options: AttackOptions): Promise<Attack> {
    const { portraits, seed } = options
    const [portrait, other] = await Promise.all([readFile(portraits.path(0)), readFile(portraits.path(1))])
    const random = new Random(seed)
    const pictures = await soundPictures(portraits.path(0))
    const files = [...(await bombs(portrait)), ...metadataBombs(portrait)]
    const requests = badRequests(portrait)

    function* damaged(): Generator<Upload, never> {
      for (;;) {
        for (const damage of DAMAGES) yield inARequest(damage(random.pick(pictures), random, pictures), other, random)
      }
    }
    const singles = [...requests.filter(({ slow }) => !slow), ...files.map((file) => inARequest(file, other, random))]
    return new Attack(
      options,
      singles,
      requests.filter(({ slow }) => slow),
      damaged(),
    )
  }

  /** Each bomb and each wrong request, once. */
  async sendSingles(): Promise<void> {
    await this.#sendAll(this.singles.values())
  }

  /** What takes seconds by its nature, all at once. */
  async sendSlowOnes(): Promise<void> {
    await Promise.all(this.slow.map((upload) => this.#send(upload)))
  }

  /** Damaged pictures, until so many uploads have been refused altogether. */
  async sendDamaged(refused: number): Promise<void> {
    const { damaged, result } = this
    function* some(): Generator<Upload> {
      while (result.refused < refused) yield damaged.next().value
    }
    await this.#sendAll(some())
  }

  /** @param uploads shared by all clients */
  async #sendAll(uploads: Iterator<Upload>): Promise<void> {
    const client = async () => {
      for (let next = uploads.next(); !next.done; next = uploads.next()) await this.#send(next.value)
    }
    await Promise.all(Array.from({ length: this.options.clients }, client))
  }

  async #send({ name, request, content, mayBeSound }: Upload): Promise<void> {
    const { hostname: host, port } = new URL(this.options.service.url)
    const outcome = await sendRaw({ host, port: Number(port), ...request })
    const { result } = this
    result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1
    if (outcome === 200 && mayBeSound) result.sound++
    else if (outcome === 'closed' || (typeof outcome === 'number' && outcome >= 400 && outcome < 500)) result.refused++
    else result.wrong.push({ name, outcome, content })
    this.options.onProgress?.(result.refused)
  }
}

/** A bad file as either photo or as several live ones, in a form or in JSON. */
function inARequest({ name, content, mayBeSound }: BadFile, good: Buffer, random: Random): Upload {
  const photos = random.pick([
    [content, good],
    [good, content],
    [good, content, content],
  ])
  const [reference, ...lives] = photos
  const write = random.pick([formRequest, formRequest, jsonRequest])
  return { name, content, mayBeSound, request: write(reference, ...lives) }
}
