import { type StatsListener, unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type ApiKey, parseApiKeys } from './api-keys.js'

/** How often the file is looked at. By its state, not by events: those do not come from every kind of volume. */
const LOOK_EVERY_MS = 1000

/**
 * The keys in a file.
 * @throws Error when it cannot be read or holds what is no key
 */
export async function readKeyFile(path: string): Promise<ApiKey[]> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new Error(`the API keys cannot be read: ${cause.message}`, { cause })
  })
  return parseApiKeys(text, path)
}

/**
 * Reads the file again each time it has changed.
 * @returns what ends that
 */
export function watchKeyFile(path: string, onKeys: (keys: ApiKey[]) => void, onError: (error: unknown) => void) {
  const read: StatsListener = () => {
    readKeyFile(path).then(onKeys, onError)
  }
  watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, read)
  return () => unwatchFile(path, read)
}
