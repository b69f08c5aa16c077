import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { ComparisonSchema } from '../../schemas/compare.js'
import { ProblemSchema } from '../../schemas/problem.js'
import type { Wishes } from './compare-options.js'
import { type Comparer, Refusal } from './comparer.js'

/** How often a service that has too much to do is asked once more. */
const RETRIES = 3
/** One is sent while another is compared. */
const AT_A_TIME = 2
/** What is waited where it does not say how long, in seconds. */
const RETRY_AFTER = 1

/** Has a running service compare. */
export async function compareAtServer(
  reference: string,
  wishes: Wishes,
  { server, apiKey }: { server: URL; apiKey?: string },
): Promise<Comparer> {
  const url = new URL('compare', server.href.endsWith('/') ? server : `${server.href}/`)
  const referencePhoto = await photoOf(reference)
  async function ask(body: FormData, retries = RETRIES): Promise<Response> {
    const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    const response = await fetch(url, { method: 'POST', body, headers }).catch((error: Error) => {
      throw new Error(`cannot reach ${url.origin}: ${reasonOf(error)}`, { cause: error })
    })
    if (response.status !== 503 || retries === 0) return response
    await response.body?.cancel()
    await sleep(1000 * Number(response.headers.get('retry-after') ?? RETRY_AFTER))
    return ask(body, retries - 1)
  }
  return {
    atATime: AT_A_TIME,
    async compare(live) {
      const form = new FormData()
      form.set('reference_image', referencePhoto, path.basename(reference))
      form.set('live_image', await photoOf(live), path.basename(live))
      if (wishes.threshold !== undefined) form.set('threshold', String(wishes.threshold))
      form.set('faces', wishes.faces)
      const response = await ask(form)
      const reply: unknown = await response.json().catch(() => undefined)
      if (response.ok && Value.Check(ComparisonSchema, reply)) return reply
      if (Value.Check(ProblemSchema, reply)) throw new Refusal(reply)
      throw new Error(`${url} answered ${response.status} ${response.statusText}, and not as Facemetric does`)
    },
    close: async () => {},
  }
}

async function photoOf(file: string): Promise<Blob> {
  return new Blob([new Uint8Array(await readFile(file))])
}

/** fetch only says that it failed; why stands in the cause, or where several addresses were tried, in that one's code. */
function reasonOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message
  return cause.message || ('code' in cause ? String(cause.code) : message)
}
