import rateLimit, { normalizeIP, type RateLimitPluginOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { withoutPort } from '../lib/client-address.js'
import { Problem } from '../lib/problem.js'
import { connectRedis } from '../lib/redis.js'
import type { Area } from './areas.js'

export interface RateLimitOptions {
  /** Most requests of one client in a window; 0 for any number. */
  rateLimit: number
  /** Length of a window in seconds. */
  rateWindow: number
  /** Where several replicas count together; without it each counts for itself. */
  redisUrl?: string
  /** Areas that need no key. */
  open: readonly Area[]
}

/** Counts a request for whoever sent it, and gives what is left to them. */
type Count = ReturnType<FastifyInstance['createRateLimit']>
type Settings = Pick<RateLimitPluginOptions, 'max' | 'timeWindow' | 'keyGenerator'>

/** How many clients one process remembers, a hundred bytes each; beyond that, it forgets those it heard of least recently. */
const CLIENTS = 100_000
/** How long a Redis that failed is not asked. */
const REST_MS = 1000

/**
 * Refuses clients that send too much, and tells all how much is left to them, in the headers of the IETF's draft
 * (draft-ietf-httpapi-ratelimit-headers-06). A client is an API key, or an address without a valid one: so guessing keys is
 * limited as well, whatever the key is for. Else only comparisons count, not health, page and description.
 */
export default fp<RateLimitOptions>(
  async (app, { rateLimit: max, rateWindow, redisUrl, open }) => {
    if (max === 0) return
    const settings = { max, timeWindow: rateWindow * 1000, keyGenerator: clientOf }
    const countHere = await counter(app, { ...settings, cache: CLIENTS })
    const countTogether = redisUrl === undefined ? undefined : await sharedCounter(app, settings, redisUrl)

    const counts = ({ routeOptions: { config }, caller }: FastifyRequest) =>
      config.area === undefined || (caller === undefined && !open.includes(config.area))
    app.addHook('onRequest', async (request, reply) => {
      if (request.is404 || !counts(request)) return
      const count = (await countTogether?.(request)) ?? (await countHere(request))
      if (count.isAllowed) return
      const seconds = Math.max(1, count.ttlInSeconds)
      reply.headers({
        'ratelimit-limit': count.max,
        'ratelimit-remaining': count.remaining,
        'ratelimit-reset': seconds,
      })
      if (!count.isExceeded) return
      throw new Problem('rate_limited', `More than ${max} requests in ${rateWindow} s: come back in ${seconds} s.`, {
        headers: { 'retry-after': String(seconds) },
      })
    })
  },
  {
    name: 'facemetric-rate-limit',
    fastify: '5.x',
    dependencies: ['facemetric-callers', 'facemetric-parts', 'facemetric-problems'],
  },
)

/** Whom a request counts for. Whoever has an IPv6 address has a whole /64 of them, which counts as one. */
function clientOf({ caller, ip }: FastifyRequest): string {
  return caller === undefined ? `address:${normalizeIP(withoutPort(ip))}` : `key:${caller}`
}

/** In a scope of its own, as there is one `createRateLimit` a scope, with one place where it counts. */
async function counter(app: FastifyInstance, settings: RateLimitPluginOptions): Promise<Count> {
  const counts: Count[] = []
  await app.register(async (scope) => {
    await scope.register(rateLimit, { global: false, ...settings })
    counts.push(scope.createRateLimit())
  })
  return counts[0]
}

/** Counts in Redis; gives undefined while that cannot be done, which the log says once. */
async function sharedCounter(app: FastifyInstance, settings: Settings, url: string) {
  const redis = await connectRedis(url)
  app.addHook('onClose', async () => redis.disconnect())
  const count = await counter(app, { ...settings, redis, nameSpace: 'facemetric-limit-' })

  let restUntil = 0
  let reached: boolean | undefined
  const isReached = (now: boolean, error?: Error) => {
    if (now !== reached && now) app.log.info('limits are counted in Redis')
    if (now !== reached && !now)
      app.log.warn(error, 'Redis does not answer: each process counts for itself until it does')
    reached = now
  }
  redis.on('error', (error: Error) => isReached(false, error))
  redis.on('ready', () => {
    restUntil = 0
    isReached(true)
  })

  app.parts.set('redis', () =>
    reached === true && redis.status === 'ready'
      ? { status: 'ok' }
      : { status: 'degraded', detail: 'it does not answer: this process counts requests for itself' },
  )

  return async (request: FastifyRequest) => {
    if (redis.status !== 'ready' || performance.now() < restUntil) return undefined
    try {
      const result = await count(request)
      isReached(true)
      return result
    } catch (error) {
      restUntil = performance.now() + REST_MS
      isReached(false, error instanceof Error ? error : undefined)
      return undefined
    }
  }
}
