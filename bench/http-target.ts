import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { Service } from '../test/service.js'
import { compareForm, type FormBody } from './cannon.js'
import { withPortraits } from './portraits.js'

/** A started service, and what to ask it. */
export interface StartedService {
  readonly service: Service
  readonly forms: readonly FormBody[]
  readonly portraits: readonly string[]
  readonly workers: number
}

/** Starts the service with so many inference processes, and stops it after `use`. */
export async function withService<Result>(
  runtime: RuntimeChoice,
  workers: number,
  use: (started: StartedService) => Promise<Result>,
): Promise<Result> {
  return withPortraits(async (portraits) => {
    const forms = await Promise.all(portraits.map((one, i) => compareForm(one, portraits[(i + 1) % portraits.length])))
    const env = { FACEMETRIC_ENGINE: runtime, FACEMETRIC_WORKERS: String(workers) }
    const service = await Service.start({ env })
    try {
      return await use({ service, forms, portraits, workers })
    } finally {
      await service.stop()
    }
  })
}
