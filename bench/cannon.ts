import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'

/** A form with two photos, as it is sent. */
export interface FormBody {
  readonly headers: Record<string, string>
  readonly body: Buffer
}

/** Who asks, how often: each client asks again as soon as it is answered. */
export interface Load {
  readonly url: string
  readonly forms: readonly FormBody[]
  /** Requests under way at any time. */
  readonly clients: number
  /** Until when: after so many seconds, or so many answers. */
  readonly seconds?: number
  readonly requests?: number
  readonly signal: AbortSignal
}

/** What came of it. Times are milliseconds from the request to the end of its answer. */
export interface Answers {
  readonly accepted: readonly number[]
  /** Those answered 503: how long it took to be told. */
  readonly refused: readonly number[]
  /** Answers of another status, and requests without an answer. */
  readonly failed: number
  readonly seconds: number
}

/** Fires at the service with autocannon. */
export async function fire({ url, forms, clients, seconds, requests, signal }: Load): Promise<Answers> {
  const accepted: number[] = []
  const refused: number[] = []
  let failed = 0
  signal.throwIfAborted()
  let stop = () => {}
  const { errors, duration } = await new Promise<autocannon.Result>((resolve, reject) => {
    const cannon = autocannon(
      {
        url,
        connections: clients,
        ...(requests === undefined ? { duration: seconds } : { amount: requests }),
        requests: forms.map(({ headers, body }) => ({ method: 'POST', headers, body })),
      },
      (error: Error | null, result: autocannon.Result) => (error ? reject(error) : resolve(result)),
    )
    stop = () => cannon.stop()
    signal.addEventListener('abort', stop)
    cannon.on('response', (_client, status, _bytes, milliseconds) => {
      if (status === 200) accepted.push(milliseconds)
      else if (status === 503) refused.push(milliseconds)
      else failed++
    })
  }).finally(() => signal.removeEventListener('abort', stop))
  signal.throwIfAborted()
  return { accepted, refused, failed: failed + errors, seconds: duration }
}

/**
 * One client that pauses before each request, so that it finds the service idle.
 * @returns what it waited for each answer, in milliseconds
 * @throws Error when an answer is not 200
 */
export async function askNowAndThen(
  { url, forms, requests, signal }: Pick<Load, 'url' | 'forms' | 'signal'> & { readonly requests: number },
  pauseMs: number,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  try {
    for (let i = 0; i < requests; i++) {
      await sleep(pauseMs, undefined, { signal })
      const { status, milliseconds } = await ask(url, forms[i % forms.length], agent)
      if (status !== 200) throw new Error(`the service answered ${status}`)
      times.push(milliseconds)
    }
  } finally {
    agent.destroy()
  }
  return times
}

/** From when the request is sent to when the whole answer is there. */
function ask(
  url: string,
  { headers, body }: FormBody,
  agent: Agent,
): Promise<{ status?: number; milliseconds: number }> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': body.length }
    const asked = request(url, { method: 'POST', headers: { ...headers, ...length }, agent }, (answer) => {
      answer.resume().once('end', () => {
        resolve({ status: answer.statusCode, milliseconds: performance.now() - begun })
      })
    }).once('error', reject)
    const begun = performance.now()
    asked.end(body)
  })
}

/** The form that asks whether two photos show the same person. */
export async function compareForm(reference: string, live: string): Promise<FormBody> {
  const form = new FormData()
  form.set('reference_image', new Blob([await readFile(reference)]), 'reference.jpg')
  form.set('live_image', new Blob([await readFile(live)]), 'live.jpg')
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type') ?? ''
  return { headers: { 'content-type': contentType }, body: Buffer.from(await encoded.arrayBuffer()) }
}
