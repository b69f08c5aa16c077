import { Validator } from '@seriousme/openapi-schema-validator'
import t, { type Test } from 'tap'
import { Compile } from 'typebox/schema'
import { buildApp } from '../../app.js'
import { VERSION } from '../../lib/version.js'
import { PROBLEM_MEDIA_TYPE, PROBLEMS } from '../../schemas/problem.js'
import { fakeEngine } from '../fake-engine.js'

interface Response {
  description: string
  headers?: Record<string, Exemplified>
  content?: Record<
    string,
    { schema: { properties: Record<string, { enum?: string[] }> }; examples?: Record<string, { value: unknown }> }
  >
}
interface Exemplified {
  schema: object
  example?: unknown
}
interface Operation {
  operationId: string
  summary?: string
  security?: object[]
  requestBody?: {
    content: Record<string, { schema: { properties: Record<string, object>; required: string[] }; example?: unknown }>
  }
  responses: Record<string, Response>
}
interface Description {
  openapi: string
  info: { version: string }
  security: object[]
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

t.test('it is a valid OpenAPI 3.1 description, with and without keys', async (t) => {
  for (const apiKeys of [undefined, 'app:a-key-of-more-than-24-characters']) {
    const keyed = buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: t.testdir(), apiKeys } })
    t.teardown(() => keyed.close())
    const validator = new Validator()
    const { valid, errors } = await validator.validate((await keyed.inject('/openapi.json')).json())
    t.ok(valid, JSON.stringify(errors))
    t.equal(validator.version, '3.1')
  }
})

t.test('every reply has an example of its body and of each header, as its schema says', async (t) => {
  const description = (await app.inject('/openapi.json')).json<Description>()
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        await t.test(`${method} ${path} ${status}`, async (t) => exemplified(t, response))
      }
    }
  }
})

t.test('what can be sent has examples as well', async (t) => {
  const { requestBody } = (await app.inject('/openapi.json')).json<Description>().paths['/compare'].post
  const { schema, example } = requestBody?.content['application/json'] ?? {}
  t.ok(schema && example && Compile(schema).Check(example))
  t.same(requestBody?.content['multipart/form-data'].schema.properties.threshold, {
    ...schema?.properties.threshold,
    examples: [0.3473],
  })
})

function exemplified(t: Test, { description, headers = {}, content = {} }: Response): void {
  t.not(description, 'Default Response')
  t.ok('X-Request-Id' in headers)
  for (const [name, { schema, example }] of Object.entries(headers)) t.ok(Compile(schema).Check(example), name)
  const bodies = Object.values(content)
  t.ok(bodies.length > 0)
  for (const { schema, examples = {} } of bodies) {
    const values = Object.entries(examples)
    t.ok(values.length > 0)
    for (const [name, { value }] of values) t.ok(Compile(schema).Check(value), name)
    const codes = schema.properties?.code?.enum
    if (codes) t.same(Object.keys(examples).sort(), [...codes].sort(), 'one for each code')
  }
}

t.test('probes are described as open, where all else needs a key', async (t) => {
  const config = { logLevel: 'silent', tempDir: t.testdir(), apiKeys: 'app:a-key-of-more-than-24-characters' } as const
  const keyed = buildApp({ faceEngine: fakeEngine(), config })
  t.teardown(() => keyed.close())
  const { paths, security } = (await keyed.inject('/openapi.json')).json<Description>()
  t.same(security, [{ bearer: [] }, { apiKey: [] }])
  t.same(paths['/health/ready'].get.security, [])
  t.equal(paths['/compare'].post.security, undefined)
  t.equal(paths['/metrics'].get.security, undefined)
})

t.test('every code is described under its status, where it can come', async (t) => {
  const { responses } = (await app.inject('/openapi.json')).json<Description>().paths['/compare'].post
  const described = Object.entries(responses).flatMap(([status, { content }]) =>
    (content?.[PROBLEM_MEDIA_TYPE]?.schema.properties.code.enum ?? []).map((code) => [code, Number(status)] as const),
  )
  for (const [code, status] of described) t.match(PROBLEMS, { [code]: { status } })
  const missing = Object.keys(PROBLEMS).filter((code) => !described.some(([known]) => known === code))
  // Those that no request for this route can get.
  t.same(missing, ['not_found', 'method_not_allowed', 'client_closed_request'])
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
