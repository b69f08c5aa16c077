import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

export interface OpenApiOptions {
  version: string
}

/** Describes every route by its schemas: `GET /openapi.json` for programs, `GET /docs` for people; both work offline. */
export default fp<OpenApiOptions>(
  async (app, { version }) => {
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
        ],
      },
    })
    await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { tryItOutEnabled: true } })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'facemetric-openapi', fastify: '5.x' },
)
