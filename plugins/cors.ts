import cors from '@fastify/cors'
import fp from 'fastify-plugin'

export interface CorsOptions {
  /** `*` for any origin, `none`, or a list of origins separated by commas. */
  corsOrigin: string
}

/** Lets pages of other web origins call the service, without credentials. */
export default fp<CorsOptions>(
  async (app, { corsOrigin }) => {
    if (corsOrigin === 'none') return
    const origin = corsOrigin === '*' ? '*' : corsOrigin.split(',').map((item) => item.trim())
    await app.register(cors, {
      origin,
      methods: ['GET', 'HEAD', 'POST'],
      exposedHeaders: [
        ...['Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
        ...['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
      ],
      maxAge: 86_400,
      strictPreflight: false,
    })
  },
  { name: 'facemetric-cors', fastify: '5.x' },
)
