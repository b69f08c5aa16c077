import t from 'tap'
import { Service } from '../service.js'

t.setTimeout(120_000)

t.test('every reply of the service keeps browsers from misusing it, and tells nothing of what serves it', async (t) => {
  const service = await Service.start({ env: { FACEMETRIC_WORKERS: '0' } })
  t.teardown(() => service.stop())
  for (const [target, status] of [
    ['/', 200],
    ['/docs/', 200],
    ['/docs/static/swagger-ui.css', 200],
    ['/health/live', 200],
    ['/compare', 405],
    ['/nothing', 404],
  ] as const) {
    const { status: given, headers } = await fetch(service.url + target)
    t.equal(given, status, target)
    const policy = headers.get('content-security-policy') ?? ''
    t.match(policy, /^default-src 'none';script-src 'self';style-src 'self';/, target)
    t.match(policy, "frame-ancestors 'none'")
    t.notMatch(policy, /unsafe|https?:|upgrade-insecure-requests/)
    t.match(Object.fromEntries(headers), {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    })
    for (const banner of ['server', 'x-powered-by', 'strict-transport-security']) t.notOk(headers.has(banner), banner)
  }
})
