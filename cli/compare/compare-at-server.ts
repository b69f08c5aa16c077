import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { ComparisonSchema } from '../../schemas/compare.js'
import { ProblemSchema } from '../../schemas/problem.js'
import { type Comparer, Refusal, type Wishes } from './comparer.js'

/** How often a service that has too much to do is asked once more. */
const RETRIES = 3
/** One is sent while another is compared. */
const AT_A_TIME = 2
/** What is waited where it does not say how long, in seconds. */
const RETRY_AFTER = 1
/** What is waited at most, in seconds: somebody sits in front of it. */
const LONGEST_WAIT = 10

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
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' }).catch((error: Error) => {
      throw new Error(`cannot reach ${url.origin}: ${reasonOf(error)}`, { cause: error })
    })
    // Followed, a POST would become a GET; and photos go where they were meant to go.
    const elsewhere = response.headers.get('location')
    if (elsewhere !== null) throw new Error(`${url} sends its callers to ${elsewhere}: name that server`)
    if (response.status !== 503 || retries === 0) return response
    await response.body?.cancel()
    const seconds = Number(response.headers.get('retry-after') ?? RETRY_AFTER)
    await sleep(1000 * Math.min(seconds, LONGEST_WAIT))
    return ask(body, retries - 1)
  }
  return {
    atATime: AT_A_TIME,
    async compare(live) {
      const form = new FormData()
      // A part without a file name is no file; what the files are called is nobody's business.
      form.set('reference_image', referencePhoto, 'reference')
      form.set('live_image', await photoOf(live), 'live')
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
