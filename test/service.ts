import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childrenOf, commandLine } from './process-tree.js'
import { requestFilesIn } from './request-files.js'

const SERVER = fileURLToPath(new URL('../server.js', import.meta.url))

export interface ServiceOptions {
  /** Settings, by the names of their environment variables. */
  env?: Record<string, string>
  /** The folder for temporary files; default: one of its own, removed by `stop`. */
  tempDir?: string
  /** What runs the server, before `node dist/server.js`: for a test of how it fares in other surroundings. */
  launcher?: string[]
  /** Arguments for node. */
  execArgv?: string[]
  /** The folder it works in; default: that of the test. */
  cwd?: string
}

/** The service as its user starts it: a process of its own that listens on a free port. */
export class Service {
  readonly url: string
  readonly log: LogLine[]
  /** All that it wrote to standard output and standard error, as it is. */
  readonly output: string[]
  readonly tempDir: string
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, url: string, log: LogLine[], output: string[], tempDir: string) {
    this.#process = child
    this.url = url
    this.log = log
    this.output = output
    this.tempDir = tempDir
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  }

  /** Fulfils when it listens. */
  static async start({ env = {}, tempDir, launcher = [], execArgv = [], cwd }: ServiceOptions = {}): Promise<Service> {
    const folder = tempDir ?? mkdtempSync(path.join(tmpdir(), 'facemetric-test-'))
    const [command, ...args] = [...launcher, process.execPath, ...execArgv, SERVER]
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...ENGINE, HOST: '127.0.0.1', PORT: '0', FACEMETRIC_TEMP_DIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
    })
    const log: LogLine[] = []
    const output: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
    }
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the service ended with code ${code}: ${output.join('')}`)))
      createInterface(child.stdout).on('line', (line) => {
        const entry = parseLogLine(line)
        log.push(entry)
        const listening = /Server listening at (\S+)/.exec(entry.msg ?? '')
        if (listening) resolve(listening[1])
      })
    })
    return new Service(child, url, log, output, folder)
  }

  get pid(): number {
    return this.#process.pid!
  }

  /** Asks whether two photos show the same person. */
  compare(reference: string, live: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/compare`, { method: 'POST', body: formOf(reference, live), ...init })
  }

  /** The inference processes. At their start the service has other children for moments: what sets their scheduling. */
  workers(): number[] {
    return childrenOf(this.pid).filter((pid) => commandLine(pid).includes('inference'))
  }

  /** Folders and photos of requests that lie in the temp folder now; the socket that shows life is none. */
  requestFiles(): string[] {
    return requestFilesIn(this.tempDir)
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Ends it as an orchestrator does and removes its folder. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM')
      await once(this.#process, 'exit')
    }
    rmSync(this.tempDir, { recursive: true, force: true })
  }
}

/** A form with both photos. */
export function formOf(reference: string, live: string): FormData {
  const form = new FormData()
  form.set('reference_image', new Blob([readFileSync(reference)]), 'reference.jpg')
  form.set('live_image', new Blob([readFileSync(live)]), 'live.jpg')
  return form
}

/** The runtime that starts soonest, unless the tests are to run on another. */
const ENGINE = { FACEMETRIC_ENGINE: process.env.FACEMETRIC_ENGINE ?? 'onnx' }

/** One line of the service's log. */
export interface LogLine {
  level?: number
  msg?: string
  [field: string]: unknown
}

function parseLogLine(line: string): LogLine {
  try {
    return JSON.parse(line)
  } catch {
    return { msg: line }
  }
}
