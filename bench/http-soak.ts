import { setTimeout as sleep } from 'node:timers/promises'
import { openFiles, residentMemory } from '../test/process-tree.js'
import type { Service } from '../test/service.js'
import { shoot, type Target } from './http-measurements.js'

const QUARTERS = 4
/** In how many parts a quarter is made, so that one sees it go on; autocannon takes up to a second more for each. */
const PARTS_OF_QUARTER = 5
export const SOAK_PARTS = QUARTERS * PARTS_OF_QUARTER
/** How long a process may rest before its memory is looked at, so that what is garbage can be collected. */
const REST_MS = 2000

export interface SoakRow {
  /** Comparisons made so far. */
  readonly comparisons: number
  /** Of the service, and of its inference processes together, in megabytes. */
  readonly service_megabytes: number
  readonly workers_megabytes: number
  readonly open_files: number
  /** Requests that were not answered with a comparison, so far. */
  readonly failed: number
}

/** Many comparisons one after another; looked at before and after each quarter. */
export async function measureSoak(target: Target, comparisons: number): Promise<SoakRow[]> {
  const rows = [await lookAt(target.service, 0, 0)]
  const requests = Math.ceil(comparisons / SOAK_PARTS)
  let [made, failed] = [0, 0]
  for (let part = 1; part <= SOAK_PARTS; part++) {
    const answers = await shoot(target, { clients: 2 * target.workers, requests })
    made += answers.accepted.length
    failed += answers.failed + answers.refused.length
    if (part % PARTS_OF_QUARTER === 0) rows.push(await lookAt(target.service, made, failed))
    target.progress.step()
  }
  return rows
}

/** How much the memory of all processes has grown since the first quarter was over, as a share of what it was then. */
export function growthOf(rows: readonly SoakRow[]): number {
  const memory = (row: SoakRow) => row.service_megabytes + row.workers_megabytes
  return memory(rows[rows.length - 1]) / memory(rows[1]) - 1
}

async function lookAt(service: Service, comparisons: number, failed: number): Promise<SoakRow> {
  await sleep(REST_MS)
  const workers = service.workers()
  const megabytes = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + residentMemory(pid), 0) / 2 ** 20
  return {
    comparisons,
    service_megabytes: megabytes([service.pid]),
    workers_megabytes: megabytes(workers),
    open_files: [service.pid, ...workers].reduce((sum, pid) => sum + openFiles(pid), 0),
    failed,
  }
}
