import type { Redis } from 'ioredis'

/** Milliseconds after which a Redis that does not answer is given up: limits are not worth more of a request's time. */
const PATIENCE_MS = 250
const CONNECT_MS = 2000
const MAX_RETRY_MS = 5000

/**
 * A client that fails at once while Redis cannot be reached, and keeps trying to reach it.
 * @throws Error when the optional package ioredis is not installed
 */
export async function connectRedis(url: string): Promise<Redis> {
  const { Redis } = await import('ioredis').catch((cause) => {
    throw new Error('REDIS_URL is set, but the package ioredis is not installed', { cause })
  })
  return new Redis(url, {
    connectTimeout: CONNECT_MS,
    commandTimeout: PATIENCE_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(2 ** attempt * 50, MAX_RETRY_MS),
  })
}
