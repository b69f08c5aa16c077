import { type ChildProcess, fork } from 'node:child_process'
import type { EventEmitter } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FaceError, UnavailableError } from '../errors.js'
import type { Description } from '../face-describer.js'
import type { DescriberOptions } from '../load-describer.js'
import { isStartNotice } from '../runtime/start-notices.js'
import { CHILD_ARGUMENTS, childEnvironment } from './child-environment.js'
import {
  type ChildMessage,
  type DescribeMessage,
  type EngineInfo,
  type ParentMessage,
  parseChildMessage,
} from './messages.js'
import { type Scheduling, scheduleAsBatch } from './scheduling.js'

const SCRIPT = fileURLToPath(new URL('./inference-child.js', import.meta.url))
/** How much of what a process wrote last is kept, to say why it ended: more than the stack that V8 ends with. */
const KEPT_OUTPUT = 16_384

/** A process that messages are sent to, and come from. */
export type MessagingProcess = EventEmitter & Pick<ChildProcess, 'pid' | 'stderr' | 'send' | 'kill'>

export interface InferenceProcessOptions {
  /** Starts the process itself; default: `forkInferenceProcess`. */
  startProcess?(memoryLimit: number): MessagingProcess
  describer: DescriberOptions
  /** Most resident memory the process may take, in bytes. */
  memoryLimit: number
  /** Within how many milliseconds it must be ready. */
  startTimeout: number
}

/** Starts a process that describes photos once it is told what to load. @param memoryLimit most memory it may take, in bytes */
function forkInferenceProcess(memoryLimit: number): MessagingProcess {
  return fork(SCRIPT, {
    env: childEnvironment(process.env),
    // Nothing of the parent's own arguments: two processes cannot share a debugger's port.
    execArgv: [...CHILD_ARGUMENTS, `--max-old-space-size=${Math.ceil(memoryLimit / 2 ** 21)}`],
    stdio: ['ignore', process.stderr.fd, 'pipe', 'ipc'],
  })
}

/** How an inference process ended. */
export interface Ending {
  /** Completes "the process ...". */
  reason: string
  /** Why it cannot start, in its own words: then most likely the next one cannot either. */
  startError?: string
}

interface OpenJob {
  /** Called when the process turns to it. */
  begin(): void
  resolve(description: Description): void
  reject(error: Error): void
}

/** The process has ended before it turned to these photos: another one can describe them. */
export class NotBegunError extends Error {}

/** One inference process, from its start to its end. */
export class InferenceProcess {
  readonly ready: Promise<EngineInfo>
  /** How Linux schedules it; never rejects. */
  readonly scheduling: Promise<Scheduling>
  readonly ended: Promise<Ending>
  readonly #child: MessagingProcess
  #alive = true
  #becomeReady: (engine: EngineInfo) => void = () => {}
  /** What it was given and has not answered, in that order: it is at work on the first. */
  readonly #open: OpenJob[] = []
  #output = ''
  #ending?: Ending

  /** @param onNearlyDone told when only the last step is left of what it is doing: then it can be given what comes next */
  constructor(
    { startProcess = forkInferenceProcess, describer, memoryLimit, startTimeout }: InferenceProcessOptions,
    private readonly onNearlyDone: () => void,
  ) {
    this.#child = startProcess(memoryLimit)
    if (this.#child.stderr) createInterface(this.#child.stderr).on('line', (line) => this.#passOn(line))
    this.ended = this.#watchEnd()
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve
      void this.ended.then(({ reason }) => reject(new Error(reason)))
    })
    this.ready.catch(() => {}) // Whoever waits for it is told; nobody has to.
    const timer = setTimeout(() => this.end(`was not ready within ${startTimeout / 1000} s`), startTimeout)
    void Promise.race([this.ready.catch(() => {}), this.ended]).then(() => clearTimeout(timer))
    this.scheduling = this.pid === undefined ? Promise.resolve('normal') : scheduleAsBatch(this.pid)
    this.#child.on('message', (message: unknown) => this.#receive(message))
    this.#child.on('disconnect', () => this.#child.kill('SIGKILL'))
    this.#send({ type: 'start', describer, memoryLimit })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** False from the moment it was told to end, or has ended. */
  get alive(): boolean {
    return this.#alive
  }

  /** Whether it has something to do. */
  get busy(): boolean {
    return this.#open.length > 0
  }

  /**
   * Gives it photos to describe, when it has answered those before.
   * @param onBegin called when it has, which may be at once
   * @throws FaceError when a photo cannot be used
   * @throws UnavailableError when the process ends before it answers
   * @throws NotBegunError when it ends even before that
   */
  async describe(message: DescribeMessage, onBegin: () => void): Promise<Description> {
    if (!this.#alive) throw new NotBegunError()
    return new Promise((resolve, reject) => {
      this.#open.push({ begin: onBegin, resolve, reject })
      if (this.#open.length === 1) onBegin()
      this.#send(message)
    })
  }

  /**
   * Ends it at once, whatever it is doing. It keeps nothing that would need an orderly end.
   * @param reason why, for the log
   * @param error what the job it is at work on is rejected with
   */
  end(reason: string, error = brokenOff(reason)): void {
    this.#alive = false
    this.#ending ??= { reason }
    this.#giveUp(error)
    this.#child.kill('SIGKILL')
  }

  #passOn(line: string): void {
    if (isStartNotice(line)) return
    this.#output = `${this.#output}${line}\n`.slice(-KEPT_OUTPUT)
    process.stderr.write(`${line}\n`)
  }

  #send(message: ParentMessage): void {
    // When it cannot be sent, the process is gone or about to be, and its end says so.
    this.#child.send(message, () => {})
  }

  #receive(received: unknown): void {
    try {
      this.#act(parseChildMessage(received))
    } catch {
      this.end('sent a message of an unknown form')
    }
  }

  #act(message: ChildMessage): void {
    switch (message.type) {
      case 'ready':
        this.#becomeReady(message.engine)
        break
      case 'not_started':
        this.#ending ??= { reason: `could not start: ${message.reason}`, startError: message.reason }
        break
      case 'ending':
        this.#ending ??= { reason: message.reason }
        break
      case 'nearly_done':
        this.onNearlyDone()
        break
      case 'described':
        this.#answered()?.resolve(message.description)
        break
      case 'refused':
        this.#answered()?.reject(new FaceError(message.code, message.message, message.field))
        break
      case 'failed':
        this.#answered()?.reject(asError(message))
        break
    }
  }

  #answered(): OpenJob | undefined {
    const answered = this.#open.shift()
    this.#open[0]?.begin()
    return answered
  }

  #giveUp(error: Error): void {
    const [begun, ...others] = this.#open.splice(0)
    begun?.reject(error)
    for (const job of others) job.reject(new NotBegunError())
  }

  async #watchEnd(): Promise<Ending> {
    const how = await new Promise<string>((resolve) => {
      this.#child.on('error', (error) => resolve(`could not be started: ${error.message}`))
      // Not "exit": by "close" all that it wrote and sent has been read.
      this.#child.once('close', (code, signal) =>
        resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
      )
    })
    this.#alive = false
    const ending = this.#ending ?? { reason: [how, this.#lastWords()].filter(Boolean).join(': ') }
    this.#giveUp(brokenOff(ending.reason))
    return ending
  }

  #lastWords(): string | undefined {
    const lines = this.#output.split('\n').filter((line) => line.trim() !== '')
    return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1))?.trim()
  }
}

/** The error of an inference process, as it would have been in this one. */
function asError({ message, code, stack }: Extract<ChildMessage, { type: 'failed' }>): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code }, stack === undefined ? {} : { stack })
}

/** @param reason completes "the process ..." */
function brokenOff(reason: string): UnavailableError {
  const message = 'The comparison broke off inside the service. Please try again.'
  return new UnavailableError('process_died', message, 1, reason)
}
