import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Folders and photos of requests that lie below a temp folder now; the socket that shows life is none. */
export function requestFilesIn(tempDir: string): string[] {
  return listAll(tempDir)
    .filter((name) => name.split(path.sep).length > 2)
    .filter((name) => path.basename(name) !== 'alive')
}

/** All below a folder, however often parts of it vanish while they are being looked at. */
function listAll(folder: string): string[] {
  for (;;) {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    } catch (error) {
      if (!existsSync(folder)) throw error
    }
  }
}
