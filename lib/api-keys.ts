import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** One key that opens the service: what is kept of it is its name and its hash. */
export interface ApiKey {
  /** Who calls with it; appears in logs and counts for limits. */
  readonly name: string
  /** SHA-256 of the key, 32 bytes. */
  readonly hash: Buffer
}

/**
 * Shorter ones could be guessed from their hash, which is fast to compute: with random letters and digits, 24 characters
 * are 142 bits.
 */
export const MIN_KEY_LENGTH = 24

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/
/** What can stand in a header without quotes. */
const KEY = /^[\x21-\x7e]+$/
const HASHED = /^sha256:([0-9a-f]{64})$/i

/** A new key: 32 random bytes as text, with a beginning by which tools that look for leaked keys know it. */
export function makeApiKey(): string {
  return `facemetric_${randomBytes(32).toString('base64url')}`
}

/** How a key is written down without the key itself; `parseApiKeys` reads it. */
export function describeApiKey({ name, hash }: ApiKey): string {
  return `${name}:sha256:${hash.toString('hex')}`
}

/**
 * One key, from its name and its text.
 * @throws Error that says what is wrong with either, without the text
 */
export function apiKeyOf(name: string, key: string): ApiKey {
  if (!NAME.test(name)) {
    throw new Error(`the name ${JSON.stringify(name)} is not 1 to 64 letters, digits, and . _ - behind the first`)
  }
  const hashed = HASHED.exec(key)
  if (hashed) return { name, hash: Buffer.from(hashed[1], 'hex') }
  if (/^sha256:/i.test(key)) throw new Error(`the SHA-256 of ${name} is not 64 hexadecimal digits`)
  if (!KEY.test(key)) throw new Error(`the key of ${name} holds other characters than visible ASCII`)
  if (key.length < MIN_KEY_LENGTH) {
    throw new Error(`the key of ${name} has ${key.length} characters; ${MIN_KEY_LENGTH} are needed`)
  }
  return { name, hash: sha256(key) }
}

/**
 * Reads keys from text: NAME:KEY or NAME:sha256:HEX, separated by commas or line ends. Empty lines and those that begin
 * with # are read past. A name may have several keys, so that a new one works before the old one goes.
 * @param source where the text comes from, for the error
 * @throws Error that says which entry is wrong and why, without any key
 */
export function parseApiKeys(text: string, source: string): ApiKey[] {
  const entries = text
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length === 0) throw new Error(`${source} holds no key`)
  return entries.map((entry, index) => {
    const [, name, key] = /^([^:]*):(.*)$/s.exec(entry) ?? []
    // Whatever stands here without a colon may well be a key.
    if (name === undefined) throw new Error(`${source}: entry ${index + 1} is not NAME:KEY or NAME:sha256:HEX`)
    try {
      return apiKeyOf(name.trim(), key.trim())
    } catch (error) {
      throw new Error(`${source}: entry ${index + 1}: ${error instanceof Error ? error.message : error}`)
    }
  })
}

/** The name of the key that was sent; every key is compared, each in constant time, so the time taken tells nothing. */
export function nameOfApiKey(keys: readonly ApiKey[], sent: string): string | undefined {
  const hash = sha256(sent)
  const found = keys.filter((key) => timingSafeEqual(key.hash, hash))
  return found[0]?.name
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
