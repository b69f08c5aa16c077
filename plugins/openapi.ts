import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { pathOf } from '../lib/path-of.js'
import { type TrustPeer, trustsPeerOf } from '../lib/trusted-proxies.js'
import { responseHeaders } from '../schemas/response-headers.js'
import { type Area, inArea } from './areas.js'

export interface OpenApiOptions {
  version: string
  /** Whether there are API keys, so that one is needed. */
  needsKey: boolean
  /** The areas that are open nevertheless. */
  open: readonly Area[]
  /** Who is believed about the address clients use. */
  trustPeer: TrustPeer | undefined
}

const UI_PATH = '/docs'

/** Describes every route by its schemas: `GET /openapi.json` for programs, `GET /docs` for people; both work offline. */
export default fp<OpenApiOptions>(
  async (app, { version, needsKey, open, trustPeer }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Facemetric',
          version,
          description: 'Do these two photos show the same person? Errors are RFC 9457 problem details.',
          license: { name: 'MIT', identifier: 'MIT' },
        },
        tags: [
          { name: 'faces', description: 'Comparing photos' },
          { name: 'health', description: 'For probes' },
          { name: 'operations', description: 'For whoever runs it' },
        ],
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
            apiKey: {
              type: 'apiKey',
              in: 'header',
              name: 'X-API-Key',
              description: 'The same, in a header of its own',
            },
          },
        },
        // Of the routes that are in no open area.
        security: needsKey ? [{ bearer: [] }, { apiKey: [] }] : [{}, { bearer: [] }, { apiKey: [] }],
      },
      transform: ({ schema, url, route }) => {
        const { area } = route.config ?? {}
        return { url, schema: area !== undefined && open.includes(area) ? { ...schema, security: [] } : schema }
      },
      transformObject: withHeaders,
    })
    const describe = (request: FastifyRequest) => ({
      ...app.swagger(),
      servers: [{ url: addressOf(request, trustPeer) }],
    })
    await app.register(async (scope) => {
      scope.addHook('onRoute', inArea('docs'))
      // From a path without a slash the page would look for its parts at the root, which behind a proxy may be elsewhere.
      scope.addHook('onRequest', async ({ url }, reply) => {
        if (pathOf(url) === UI_PATH) return reply.redirect(`.${UI_PATH}/`)
      })
      await scope.register(swaggerUi, {
        routePrefix: UI_PATH,
        // Without the bar on top, whose logo brings a style that the content security policy does not let in.
        uiConfig: { tryItOutEnabled: true, layout: 'BaseLayout' },
        transformSpecification: (_description, request) => describe(request),
        transformSpecificationClone: false,
      })
      scope.get('/openapi.json', { schema: { hide: true } }, async (request) => describe(request))
    })
  },
  { name: 'facemetric-openapi', fastify: '5.x' },
)

/** Every reply with the headers it may bring, which come from plugins and not from its route. */
const withHeaders: SwaggerTransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject
  for (const { get, post } of Object.values(document.openapiObject.paths ?? {}).filter((path) => path !== undefined)) {
    for (const operation of [get, post].filter((each) => each !== undefined)) {
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        if ('description' in response) response.headers = responseHeaders(status, operation.requestBody !== undefined)
      }
    }
  }
  return document.openapiObject
}

/** What may stand between the host and the paths of this service; anything else a client or proxy sent is ignored. */
const PREFIX = /^(\/[\w.~-]+)+\/?$/
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i

/** Where clients reach the service: the address this request was sent to, as a trusted proxy in front says. */
function addressOf({ protocol, host, headers, socket }: FastifyRequest, trustPeer: TrustPeer | undefined): string {
  const given = headers['x-forwarded-prefix']
  const trusted = trustsPeerOf(socket, trustPeer)
  const prefix = trusted && typeof given === 'string' && PREFIX.test(given) ? given.replace(/\/$/, '') : ''
  const isWeb = /^https?$/.test(protocol) && HOST.test(host)
  return isWeb ? `${protocol}://${host}${prefix}` : prefix || '/'
}
