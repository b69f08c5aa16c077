import { onInterruption } from './interruption.js'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 80
const CLEAR_LINE = '\r\u001b[K'

/** Where it is drawn; process.stderr is one. */
export interface StatusOutput {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): boolean
}

/** One line that says what is being done, in a terminal; elsewhere nothing. Gone when the work is, or after Ctrl-C. */
export class StatusLine {
  readonly #output: StatusOutput
  #text = ''
  #frame = 0
  #timer: NodeJS.Timeout | undefined
  #forget: (() => void) | undefined

  constructor(output: StatusOutput = process.stderr) {
    this.#output = output
  }

  show(text: string): void {
    if (!this.#output.isTTY) return
    this.#text = text
    this.#forget ??= onInterruption(() => this.clear())
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref()
    this.#draw()
  }

  clear(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#output.write(CLEAR_LINE)
    this.#forget?.()
    this.#forget = undefined
  }

  #draw(): void {
    // A line that wraps could not be cleared. Some terminals do not know their width, and say 0.
    const columns = this.#output.columns || 80
    const line = `${FRAMES[this.#frame++ % FRAMES.length]} ${this.#text}`.slice(0, columns - 1)
    this.#output.write(`${CLEAR_LINE}${line}`)
  }
}
