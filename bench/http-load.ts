import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Value } from 'typebox/value'
import { usableCpus } from '../lib/pool/usable-cpus.js'
import type { RuntimeChoice } from '../lib/runtime/load-networks.js'
import { ComparisonSchema } from '../schemas/compare.js'
import { quantile } from './statistics.js'

const SERVER = fileURLToPath(new URL('../server.js', import.meta.url))
/** Requests under way at any time, for each inference process: one that is worked on, one that waits. */
const CLIENTS_PER_PROCESS = 2

export interface HttpLoadOptions {
  readonly portraits: readonly string[]
  readonly runtime: RuntimeChoice
  /** How long requests are counted. */
  readonly seconds: number
  /** Folder for the service's temporary files. */
  readonly tempDir: string
  readonly signal: AbortSignal
}

export interface HttpLoad {
  /** Runtime of the networks. */
  readonly engine: string
  readonly requests_per_second: number
  readonly requests: number
  readonly inference_processes: number
  /** Requests under way at any time. */
  readonly clients: number
  readonly median_milliseconds: number
  /** 95 of 100 requests take at most this long. */
  readonly p95_milliseconds: number
}

/**
 * Starts the service as its users do and asks it as fast as it answers, from this process.
 * @throws Error when the service does not start, or answers anything but 200
 */
export async function measureHttp(options: HttpLoadOptions): Promise<HttpLoad> {
  const { runtime, tempDir, portraits, seconds, signal } = options
  const processes = usableCpus()
  const clients = CLIENTS_PER_PROCESS * processes
  const settings = { HOST: '127.0.0.1', PORT: '0', FACEMETRIC_ENGINE: runtime, FACEMETRIC_TEMP_DIR: tempDir }
  const service = spawn(process.execPath, [SERVER], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<number | null>((resolve) => service.once('exit', resolve))
  const stop = () => service.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const url = `${await addressOf(service.stdout, exited)}/compare`
    const bodies = await Promise.all(portraits.map((_, i) => formOf(portraits, i)))
    const ask = async (i: number) => {
      const begun = performance.now()
      const response = await fetch(url, { method: 'POST', body: bodies[i % bodies.length], signal })
      const text = await response.text()
      const milliseconds = performance.now() - begun
      if (response.status !== 200) throw new Error(`the service answered ${response.status}: ${text}`)
      return { milliseconds, engine: Value.Parse(ComparisonSchema, JSON.parse(text)).engine }
    }
    // Warms up every process.
    const [{ engine }] = await Promise.all(Array.from({ length: clients }, (_, i) => ask(i)))

    const begun = performance.now()
    const times: number[] = []
    const client = async (first: number) => {
      for (let i = first; performance.now() - begun < 1000 * seconds; i += clients)
        times.push((await ask(i)).milliseconds)
    }
    await Promise.all(Array.from({ length: clients }, (_, i) => client(i)))
    return {
      engine,
      requests_per_second: (1000 * times.length) / (performance.now() - begun),
      requests: times.length,
      inference_processes: processes,
      clients,
      median_milliseconds: quantile(times, 0.5),
      p95_milliseconds: quantile(times, 0.95),
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
    await exited
  }
}

/** The address the service says it listens at. */
function addressOf(log: Readable, exited: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    exited.then((code) => reject(new Error(`the service ended with exit code ${code} before it listened`)))
    createInterface(log).on('line', (line) => {
      const listening = /Server listening at ([^"\s]+)/.exec(line)
      if (listening) resolve(listening[1])
    })
  })
}

async function formOf(portraits: readonly string[], i: number): Promise<FormData> {
  const form = new FormData()
  for (const [field, portrait] of [
    ['reference_image', portraits[i]],
    ['live_image', portraits[(i + 1) % portraits.length]],
  ]) {
    form.set(field, new Blob([await readFile(portrait)]), `${field}.jpg`)
  }
  return form
}
