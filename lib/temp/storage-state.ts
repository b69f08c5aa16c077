import { access, constants, statfs } from 'node:fs/promises'
import type { PartState } from '../../schemas/health.js'

/**
 * Whether photos can be kept in a folder now; a cleaner of old files may have removed it, or its disk be full.
 * @param neededBytes what the largest request takes
 */
export async function storageState(folder: string, neededBytes: number): Promise<PartState> {
  try {
    await access(folder, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize >= neededBytes) return { status: 'ok' }
    return { status: 'degraded', detail: 'there is less room than the largest photos need' }
  } catch {
    return { status: 'failed', detail: 'the temporary folder cannot be written to' }
  }
}
