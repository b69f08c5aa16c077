import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answers, FormBody } from './cannon.js'

export interface EvenLoad {
  readonly url: string
  readonly forms: readonly FormBody[]
  /** Requests a second, however many of those before were answered. */
  readonly rate: number
  readonly seconds: number
  readonly signal: AbortSignal
}

/**
 * Asks at even distances in time, as the clients of a busy day do together: nobody waits for the answers of others. A time
 * begins when its request was due, so that one sent late counts in full. (autocannon sends the requests of a second
 * as fast as they are answered at its beginning, and then none until the next one.)
 */
export async function fireEvenly({ url, forms, rate, seconds, signal }: EvenLoad): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'lifo' })
  const accepted: number[] = []
  const refused: number[] = []
  let failed = 0
  const total = Math.round(rate * seconds)
  const begun = performance.now()

  async function ask(number: number): Promise<void> {
    const due = begun + (1000 * number) / rate
    const status = await answer(url, forms[number % forms.length], agent)
    const took = performance.now() - due
    if (status === 200) accepted.push(took)
    else if (status === 503) refused.push(took)
    else failed++
  }

  const asked: Promise<void>[] = []
  while (asked.length < total) {
    signal.throwIfAborted()
    const due = Math.min(total, Math.ceil(((performance.now() - begun) / 1000) * rate))
    while (asked.length < due) asked.push(ask(asked.length))
    await sleep(1)
  }
  const took = (performance.now() - begun) / 1000
  await Promise.all(asked)
  agent.destroy()
  return { accepted, refused, failed, seconds: took }
}

/** @returns the status of the answer, once it has arrived as a whole; undefined where none did */
function answer(url: string, { headers, body }: FormBody, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve) => {
    request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } })
      .on('response', (response: IncomingMessage) =>
        response.resume().once('close', () => resolve(response.statusCode)),
      )
      .on('error', () => resolve(undefined))
      .end(body)
  })
}
