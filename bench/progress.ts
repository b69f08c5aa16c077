/** Where progress is written to; process.stderr is one. */
export interface ProgressOutput {
  readonly isTTY?: boolean
  write(text: string): boolean
}

/** Between two redraws on a terminal, in milliseconds. */
const REDRAW_INTERVAL = 100
/** How often a line is written where there is no terminal to redraw on, in percent. */
const LINE_EVERY = 10

/**
 * Tells how far a job of known length is: percentage, time per item, time left. A terminal gets one line that is
 * redrawn, anything else a line every tenth of the way.
 */
export class Progress {
  private done = 0
  /** When the first item was done: what comes before, such as loading networks, tells nothing of the rest. */
  private begun = 0
  private lastDrawn = Number.NEGATIVE_INFINITY

  constructor(
    private readonly total: number,
    private readonly unit: string,
    private readonly output: ProgressOutput = process.stderr,
  ) {}

  step(): void {
    const percentBefore = this.percent
    this.done++
    if (this.done === 1) this.begun = performance.now()
    if (this.output.isTTY) {
      if (performance.now() - this.lastDrawn < REDRAW_INTERVAL) return
      this.lastDrawn = performance.now()
      this.output.write(`\r\u001b[K${this.line()}`)
    } else if (Math.floor(this.percent / LINE_EVERY) > Math.floor(percentBefore / LINE_EVERY)) {
      this.output.write(`${this.line()}\n`)
    }
  }

  /** Removes the line from the terminal. */
  clear(): void {
    if (this.output.isTTY) this.output.write('\r\u001b[K')
  }

  private get percent(): number {
    return (100 * this.done) / this.total
  }

  private line(): string {
    const share = `${this.percent.toFixed(0).padStart(3)} %  ${this.done} of ${this.total} ${this.unit}s`
    if (this.done < 2) return share
    const each = (performance.now() - this.begun) / (this.done - 1)
    const left = Math.ceil((each * (this.total - this.done)) / 1000)
    const eta = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    return `${share}  ${each.toFixed(1)} ms a ${this.unit}  ${eta} left`
  }
}
