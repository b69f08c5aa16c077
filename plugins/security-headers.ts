import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'

/** What a page of the service may load: its own files, and photos chosen on it (blob:) or drawn in a style sheet (data:). */
const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  mediaSrc: ["'self'", 'blob:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

/**
 * Headers that keep a browser from doing with a reply what it is not for: no script but the service's own, no frame around
 * it, no guessing of types. TLS is a matter of the proxy that speaks it, and so is Strict-Transport-Security.
 */
export default fp(
  async (app) => {
    await app.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
      // The page opens no windows, and browsers complain of this header on plain HTTP.
      crossOriginOpenerPolicy: false,
      // The interface is for pages of other origins too, as the setting of origins says.
      crossOriginResourcePolicy: { policy: 'cross-origin' },
    })
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=()')
    })
  },
  { name: 'facemetric-security-headers', fastify: '5.x' },
)
