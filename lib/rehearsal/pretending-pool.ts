import type { Serializable } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { COMPARISON_EXAMPLE } from '../../schemas/comparison-example.js'
import { PHOTO_FIELDS } from '../errors.js'
import { PRINT_SIDE } from '../face/photo-print.js'
import type { PhotoDescription, PhotoFile } from '../face-describer.js'
import { DESCRIPTOR_LENGTH } from '../networks/descriptor.js'
import { packDescriptor } from '../packed-descriptor.js'
import { DescriberPool } from '../pool/describer-pool.js'
import type { MessagingProcess } from '../pool/inference-process.js'
import type { ChildMessage, ParentMessage } from '../pool/messages.js'

/** What an inference process tells of the time it took; what it cannot know of is 0. */
const TIMINGS = { queue: 0, decode: 1.1, detect: 1.2, landmarks: 2.3, describe: 4.4, handover: 0, verdict: 0 }

type DescribePhoto = (photo: PhotoFile) => PhotoDescription

/**
 * A pool as that of a service, but for its processes: these are none, and instead of looking at photos they make up what they
 * say of them. Of a comparison it does in this process all that the other pool does.
 */
export async function pretendingPool(): Promise<DescriberPool> {
  const describePhoto = madeUpDescriptions()
  const pool = new DescriberPool({ workers: PHOTO_FIELDS.length }, () => new PretendingProcess(describePhoto))
  await pool.started()
  return pool
}

class PretendingProcess extends EventEmitter implements MessagingProcess {
  readonly pid = undefined
  readonly stderr = null

  constructor(private readonly describePhoto: DescribePhoto) {
    super()
  }

  send(message: Serializable): boolean {
    const answer = JSON.stringify(this.#answer(message as ParentMessage))
    setImmediate(() => this.emit('message', JSON.parse(answer)))
    return true
  }

  kill(): boolean {
    return this.emit('close', 0, null)
  }

  #answer(message: ParentMessage): ChildMessage {
    const { engine } = COMPARISON_EXAMPLE
    if (message.type === 'start') {
      return { type: 'ready', engine: { runtime: engine, description: 'rehearsal', failed: [] } }
    }
    return {
      type: 'described',
      description: { engine, photos: message.photos.map(this.describePhoto), timings: TIMINGS },
    }
  }
}

/** Every other live photo is a copy of the reference photo: to recognise that takes longest. */
function madeUpDescriptions(): DescribePhoto {
  const { reference_image, live_image } = COMPARISON_EXAMPLE
  const descriptor = packDescriptor(new Float32Array(DESCRIPTOR_LENGTH).fill(DESCRIPTOR_LENGTH ** -0.5))
  const [print, other] = [3, 4].map(madeUpPrint)
  let lives = 0
  return ({ field }) =>
    field === 'reference_image'
      ? [{ report: reference_image, descriptor, print }]
      : [{ report: live_image, descriptor, print: lives++ % 2 === 0 ? print : other }]
}

/** A pattern without repetition, so that it lies over itself in one way only. @param width of its waves, in pixels */
function madeUpPrint(width: number): string {
  const shade = (x: number, y: number) =>
    128 + 100 * Math.sin(x / width + (y / 20) ** 2) * Math.cos(y / 5 + (x / 20) ** 2)
  const pixels = Array.from({ length: PRINT_SIDE ** 2 }, (_, i) => shade(i % PRINT_SIDE, Math.floor(i / PRINT_SIDE)))
  return Buffer.from(pixels).toString('base64')
}
