import type { Description, PhotoFile } from '../face-describer.js'
import { slowestOf, total } from '../timings.js'
import type { DescribeMessage } from './messages.js'
import type { ProcessKeeper } from './process-keeper.js'

/** Share of the time a comparison has left, when its turn comes, in which faces that do not show at once are looked for. */
const SEARCH_SHARE = 0.5

/** Photos that are described for one comparison. */
export interface Job {
  readonly photos: readonly PhotoFile[]
  readonly faces: DescribeMessage['faces']
  readonly apart: boolean
  /** When it came, by `performance.now()`. */
  readonly since: number
}

/** What came of a job, and for how many milliseconds it kept each of its processes busy. */
export interface JobResult {
  readonly description: Description
  readonly took: number
}

/**
 * Has a job done in as many parts as there are processes for it.
 * @param timeoutMs how long it may take, and may have waited before
 * @param onFree called whenever one of the processes has done its part
 * @throws as `ProcessKeeper.describe`; of several parts that fail, what the first in order does
 */
export async function runJob(
  { photos, faces, apart, since }: Job,
  keepers: readonly ProcessKeeper[],
  timeoutMs: number,
  onFree: () => void,
): Promise<JobResult> {
  const searchFor = SEARCH_SHARE * (timeoutMs - (performance.now() - since))
  // Where several take part nobody waits but for this job itself, which word of theirs would only hold up.
  const options = { faces, apart, searchFor, tellLastStep: keepers.length === 1 }
  let begun = since
  async function runPart(keeper: ProcessKeeper, i: number): Promise<Description> {
    const [from, to] = [i, i + 1].map((part) => Math.round((part * photos.length) / keepers.length))
    const message: DescribeMessage = { type: 'describe', photos: photos.slice(from, to), ...options }
    const onBegin = () => {
      begun = performance.now()
    }
    try {
      return await keeper.describe(message, timeoutMs, onBegin)
    } finally {
      onFree()
    }
  }
  const running = keepers.map(runPart)
  await Promise.allSettled(running)
  const ended = performance.now()
  const done = await Promise.all(running)
  const slowest = slowestOf(done.map(({ timings }) => timings))
  // A process reads the photos of its next job before it tells that it has begun, and word of that may itself be late.
  const waited = Math.max(0, ended - since - total(slowest))
  const queue = Math.min(begun - since, waited)
  const timings = { ...slowest, queue, handover: waited - queue }
  const took = ended - begun
  return { description: { engine: done[0].engine, photos: done.flatMap((part) => part.photos), timings }, took }
}
