import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { PACKAGE_ROOT } from '../../lib/package-root.js'

/** Where the Python libraries are installed, and what may say otherwise. */
export const PEERS_VARIABLE = 'FACEMETRIC_PEERS'
export function peersFolder(env = process.env): string {
  return env[PEERS_VARIABLE] ?? path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'facemetric-peers')
}

const AnswerSchema = Type.Union([
  Type.Object({ ready: Type.Literal(true), note: Type.Union([Type.String(), Type.Null()]) }),
  Type.Object({ failed: Type.String() }),
  Type.Object({ milliseconds: Type.Number(), distance: Type.Number() }),
])

/** One thread, as ours; and no lines about it. */
const ENVIRONMENT = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '3',
  CUDA_VISIBLE_DEVICES: '',
}

/** A Python library in a process of its own, asked line by line. */
export class PythonPeer {
  readonly #lines: AsyncIterableIterator<string>
  readonly #reader: Interface

  /** What is to be known about how it was loaded. */
  note: string | undefined

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#reader = createInterface(child.stdout)
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  /** @throws Error when Python or the library is not there, or does not load */
  static async start(name: string, signal: AbortSignal): Promise<PythonPeer> {
    const python = path.join(peersFolder(), 'bin', 'python')
    const child = spawn(python, [path.join(PACKAGE_ROOT, 'bench', 'peers', 'peer.py'), name], {
      env: { ...process.env, ...ENVIRONMENT, DEEPFACE_HOME: peersFolder() },
      stdio: ['pipe', 'pipe', 'ignore'],
      signal,
      killSignal: 'SIGKILL',
    })
    const failed = new Promise<never>((_resolve, reject) => {
      child.once('error', () => reject(new Error(`there is no ${python} (npm run setup:peers)`)))
    })
    const peer = new PythonPeer(child)
    const answer = await Promise.race([peer.#next(), failed])
    if ('ready' in answer) peer.note = answer.note ?? undefined
    return peer
  }

  /** @returns milliseconds of processor time of one run */
  async time(reference: string, live: string, runs: number): Promise<number> {
    this.child.stdin.write(`${JSON.stringify({ reference, live, runs })}\n`)
    const answer = await this.#next()
    if (!('milliseconds' in answer)) throw new Error('it gave no time')
    return answer.milliseconds
  }

  stop(): void {
    this.#reader.close()
    this.child.kill('SIGKILL')
  }

  /** Lines that are not ours are progress of the library. */
  async #next() {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) throw new Error('it ended by itself')
      const answer = parse(value)
      if (answer === undefined) continue
      if ('failed' in answer) throw new Error(answer.failed)
      return answer
    }
  }
}

function parse(line: string) {
  try {
    return Value.Parse(AnswerSchema, JSON.parse(line))
  } catch {
    return undefined
  }
}
