import { Writable } from 'node:stream'
import type { LogLine } from './service.js'

/** A log that is kept, line by line, for `buildApp({ logStream })`. */
export class LogLines extends Writable {
  readonly lines: LogLine[] = []

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (const line of chunk.toString().split('\n').filter(Boolean)) this.lines.push(JSON.parse(line))
    done()
  }

  /** The lines that tell how a request ended. */
  get outcomes(): LogLine[] {
    return this.lines.filter(({ status }) => status !== undefined)
  }
}
