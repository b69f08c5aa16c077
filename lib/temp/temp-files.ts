import { closeSync, constants, openSync, unlinkSync, writeFileSync } from 'node:fs'
import { open, rm, unlink } from 'node:fs/promises'
import { onDisk } from './on-disk.js'

const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND } = constants
/** A file that was not there before. */
const NEW = O_WRONLY | O_CREAT | O_EXCL
/** One that is there already: when it has been removed meanwhile, it is not made once more. */
const MORE = O_WRONLY | O_APPEND
/** Only its owner can read it. */
const MODE = 0o600

/** A file that is made when something is first written to it. */
export interface TempFile {
  readonly path: string
  /** Writes at its end; one call after the other. @throws Error when it has been removed */
  append(bytes: Buffer): Promise<void>
}

/**
 * The temporary files of one request: made one by one, removed together, and gone from then on, whatever is still being written.
 * They lie side by side with those of others: to make and remove a folder for each request costs more than all else about its
 * files.
 */
export class TempFiles {
  readonly #prefix: string
  readonly #paths = new Set<string>()
  #removed = false

  /** @param prefix of their paths, which no other has: they lie in a folder that is there already */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** @param name that no other of them has */
  file(name: string): TempFile {
    const path = this.#prefix + name
    return { path, append: (bytes) => this.#append(path, bytes) }
  }

  /** Removes them all; none is made any more. */
  async remove(): Promise<void> {
    this.#removed = true
    const paths = [...this.#paths]
    this.#paths.clear()
    if (paths.length === 0) return
    try {
      await onDisk(
        () => {
          for (const path of paths) unlinkSync(path)
        },
        async () => {
          await Promise.all(paths.map((path) => unlink(path)))
        },
      )
    } catch {
      // One was never made, as when the disk is full, or is held by somebody for a moment.
      await Promise.all(paths.map(removeFile))
    }
  }

  async #append(path: string, bytes: Buffer): Promise<void> {
    if (this.#removed) throw new Error('the file has been removed')
    const flags = this.#paths.has(path) ? MORE : NEW
    this.#paths.add(path)
    try {
      await onDisk(
        () => writeAtOnce(path, bytes, flags),
        () => writeElsewhere(path, bytes, flags),
      )
    } finally {
      // Another thread may have made it only after that.
      if (this.#removed) await removeFile(path)
    }
  }
}

function writeAtOnce(path: string, bytes: Buffer, flags: number): void {
  const file = openSync(path, flags, MODE)
  try {
    writeFileSync(file, bytes)
  } finally {
    closeSync(file)
  }
}

async function writeElsewhere(path: string, bytes: Buffer, flags: number): Promise<void> {
  const file = await open(path, flags, MODE)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}

function removeFile(path: string): Promise<void> {
  return rm(path, { force: true, maxRetries: 3 })
}
