import t from 'tap'
import { buildApp } from '../../app.js'
import { VERSION } from '../../lib/version.js'
import { PROBLEM_MEDIA_TYPE, PROBLEMS } from '../../schemas/problem.js'
import { fakeEngine } from '../fake-engine.js'

interface Response {
  description: string
  content?: Record<string, { schema: { properties: Record<string, { enum?: string[] }> } }>
}
interface Operation {
  summary?: string
  requestBody?: { content: Record<string, { schema: { properties: Record<string, object>; required: string[] } }> }
  responses: Record<string, Response>
}
interface Description {
  openapi: string
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
}

const app = buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: t.testdir() } })
t.teardown(() => app.close())

t.test('the description has every route with its form and its replies', async (t) => {
  const reply = await app.inject('/openapi.json')
  t.equal(reply.statusCode, 200)
  const description: Description = reply.json()
  t.equal(description.openapi, '3.1.0')
  t.equal(description.info.version, VERSION)
  t.same(Object.keys(description.paths).sort(), ['/compare', '/health/live', '/health/ready', '/metrics'])

  const { post } = description.paths['/compare']
  const form = post.requestBody?.content['multipart/form-data'].schema
  t.same(form?.required, ['reference_image', 'live_image'])
  t.match(form?.properties, { reference_image: { type: 'string', format: 'binary' }, threshold: { type: 'number' } })
  const json = post.requestBody?.content['application/json'].schema
  t.same(json?.required, form?.required)
  t.same(Object.keys(json?.properties ?? {}), Object.keys(form?.properties ?? {}), 'the same fields in JSON')
  t.match(json?.properties, { reference_image: { type: 'string', format: 'byte' } })
  const [first] = Object.keys(post.responses[200].content?.['application/json'].schema.properties ?? {})
  t.equal(first, 'identical')
})

t.test('every code is described under its status, where it can come', async (t) => {
  const { responses } = (await app.inject('/openapi.json')).json<Description>().paths['/compare'].post
  const described = Object.entries(responses).flatMap(([status, { content }]) =>
    (content?.[PROBLEM_MEDIA_TYPE]?.schema.properties.code.enum ?? []).map((code) => [code, Number(status)] as const),
  )
  for (const [code, status] of described) t.match(PROBLEMS, { [code]: { status } })
  const missing = Object.keys(PROBLEMS).filter((code) => !described.some(([known]) => known === code))
  // Those that no request for this route can get.
  t.same(missing, ['bad_request', 'not_found', 'method_not_allowed', 'header_too_large', 'client_closed_request'])
})

t.test('the documentation works without any other host', async (t) => {
  const page = await app.inject('/docs/')
  t.equal(page.statusCode, 200)
  const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  t.ok(addresses.length > 2)
  for (const address of addresses) {
    t.notMatch(address, /^(https?:)?\/\//)
    t.equal((await app.inject(new URL(address, 'http://test/docs/').pathname)).statusCode, 200, address)
  }
  t.match((await app.inject('/docs/static/swagger-initializer.js')).body, 'validatorUrl: null')
})
