import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type ApiKey, nameOfApiKey, parseApiKeys } from '../lib/api-keys.js'
import { readKeyFile, watchKeyFile } from '../lib/key-file.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The name of the API key that was sent; undefined without a valid one. */
    caller: string | undefined
  }
}

export interface CallersOptions {
  /** As `parseApiKeys` reads them. */
  apiKeys?: string
  /** A file of them, which is read again when it changes. */
  apiKeysFile?: string
}

/**
 * Decorates `request.caller`, which every line of the log about the request tells too. The keys in the file may change while
 * the service runs; a file that cannot be used changes nothing but the log.
 */
export default fp<CallersOptions>(
  async (app, { apiKeys, apiKeysFile }) => {
    const fixed = apiKeys === undefined ? [] : parseApiKeys(apiKeys, 'FACEMETRIC_API_KEYS')
    let inFile: readonly ApiKey[] = []
    if (apiKeysFile !== undefined) {
      inFile = await readKeyFile(apiKeysFile)
      const stop = watchKeyFile(
        apiKeysFile,
        (keys) => {
          inFile = keys
          app.log.info({ callers: namesOf(keys) }, 'read the API keys again')
        },
        (error) => app.log.error(error, 'the file of API keys cannot be used: the former ones stay'),
      )
      app.addHook('onClose', async () => stop())
    }

    const all = () => [...fixed, ...inFile]
    if (all().length > 0) app.log.info({ callers: namesOf(all()) }, 'API keys are needed')

    app.decorateRequest('caller', undefined)
    app.addHook('onRequest', async (request, reply) => {
      for (const sent of sentKeys(request)) request.caller ??= nameOfApiKey(all(), sent)
      if (request.caller === undefined) return
      request.log = request.log.child({ caller: request.caller })
      reply.log = request.log
    })
  },
  { name: 'facemetric-callers', fastify: '5.x' },
)

/** What a request brings as its key: a bearer token (RFC 6750), or in a header of its own where a proxy uses that one. */
function sentKeys({ headers }: FastifyRequest): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  return [bearer, headers['x-api-key']].filter((sent) => typeof sent === 'string')
}

function namesOf(keys: readonly ApiKey[]): string[] {
  return [...new Set(keys.map(({ name }) => name))]
}
