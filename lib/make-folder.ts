import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'

/**
 * Makes a folder, and those above it that are absent. (Node's `mkdir` with `recursive` never ends below a folder in which nothing
 * can be made, as /proc: it takes the error ENOENT for a folder above that is absent, which it makes again and again.)
 * @param mode permissions of what is made
 * @throws Error of the system when it cannot be made
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const above = path.dirname(path.resolve(folder))
  if ((await statsOf(above)) === undefined) await makeFolder(above, mode)
  try {
    await mkdir(folder, { mode })
  } catch (error) {
    if (!(await statsOf(folder))?.isDirectory()) throw error
  }
}

function statsOf(file: string) {
  return stat(file).catch(() => undefined)
}
