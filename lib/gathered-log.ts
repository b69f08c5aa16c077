import { destination } from 'pino'

/** For so long after lines were written those that follow are gathered. */
const GATHER_MS = 100
/** More than so many characters are not kept back. */
const MOST_GATHERED = 2 ** 15
/** Characters that are kept for a standard output that takes nothing. */
const MOST_KEPT = 2 ** 20
/** Pino's number for a warning; what is worse has a larger one. */
const WARNING = 40
/** Asks pino to set `lastLevel` before each line. Source: pino's API, "pino.symbols", needsMetadataGsym. */
const NEEDS_METADATA = Symbol.for('pino.metadata')

/**
 * Lines of the log on their way to standard output. Where many come, those of a tenth of a second are written together: to write
 * one, and to wake up whoever reads it, costs the service as much as to write a photo. A line after a quiet moment is written at once,
 * and so is a warning or worse with all that came before it. What is left is written when the process exits, also by an error;
 * a process that is killed may take with it the last tenth of a second.
 */
export class GatheredLog {
  readonly [NEEDS_METADATA] = true
  /** Of the line that is written next; set by pino. */
  lastLevel = 0
  readonly #output: { write(text: string): unknown }
  #gathers = false
  #gathered = ''
  #timer?: NodeJS.Timeout

  constructor(output: { write(text: string): unknown } = standardOutput()) {
    this.#output = output
    process.on('exit', () => this.flush())
  }

  /** From now on; until then each line is written at once, so that whoever waits for a start sees it. */
  gather(): void {
    this.#gathers = true
  }

  write(line: string): void {
    this.#gathered += line
    if (
      !this.#gathers ||
      this.#timer === undefined ||
      this.lastLevel >= WARNING ||
      this.#gathered.length > MOST_GATHERED
    ) {
      this.flush()
    }
  }

  /** Writes what has been gathered. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#gathered === '') return
    const lines = this.#gathered
    this.#gathered = ''
    this.#output.write(lines)
    this.#timer = setTimeout(() => this.flush(), GATHER_MS).unref()
  }
}

/** Standard output; while nothing can be written there, as when its disk is full, lines are lost and the service goes on. */
function standardOutput() {
  const output = destination({ dest: 1, sync: true, maxLength: MOST_KEPT })
  output.on('error', () => {})
  return output
}
