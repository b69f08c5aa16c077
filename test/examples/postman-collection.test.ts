import { readFileSync } from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import t from 'tap'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { appWith } from '../compare-app.js'
import { fakeEngine } from '../fake-engine.js'
import { PICTURE } from '../forms.js'

const API_KEY = 'a-key-that-is-long-enough-for-this-test'
const KeyValue = Type.Object({ key: Type.String(), value: Type.String() })

/** As much of Postman's collections, version 2.1, as the one here uses. */
const CollectionSchema = Type.Object({
  info: Type.Object({
    name: Type.String(),
    schema: Type.Literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json'),
  }),
  variable: Type.Array(KeyValue),
  auth: Type.Object({ type: Type.Literal('apikey'), apikey: Type.Array(KeyValue) }),
  item: Type.Array(
    Type.Object({
      name: Type.String(),
      request: Type.Object({
        method: Type.String(),
        url: Type.String(),
        body: Type.Optional(
          Type.Object({
            mode: Type.Literal('formdata'),
            formdata: Type.Array(Type.Object({ key: Type.String(), type: Type.Literal('file'), src: Type.String() })),
          }),
        ),
      }),
      event: Type.Array(
        Type.Object({ listen: Type.Literal('test'), script: Type.Object({ exec: Type.Array(Type.String()) }) }),
      ),
    }),
  ),
})

/** Runs a request's test script with as much of Postman's `pm` as the scripts use; throws as they do, gives their names. */
function judge(script: string, status: number, body: unknown): string[] {
  const names: string[] = []
  const demand = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`not so: ${what}; the reply was ${status} ${JSON.stringify(body)}`)
  }
  const pm = {
    test(name: string, run: () => void) {
      run()
      names.push(name)
    },
    response: {
      json: () => body,
      to: { have: { status: (wanted: number) => demand(status === wanted, `status ${wanted}`) } },
    },
    expect: (value: object) => ({
      to: { have: { property: (name: string) => demand(Object.hasOwn(value, name), `property ${name}`) } },
    }),
  }
  vm.runInNewContext(script, { pm })
  return names
}

t.test('the requests of the Postman collection are answered, and its own tests of the replies hold', async (t) => {
  const { app } = appWith(t, fakeEngine(), { apiKeys: `test:${API_KEY}` })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const file = path.join(PACKAGE_ROOT, 'examples', 'facemetric.postman_collection.json')
  const collection = Value.Parse(CollectionSchema, JSON.parse(readFileSync(file, 'utf8')))
  const variables: Record<string, string> = Object.fromEntries(
    collection.variable.map(({ key, value }) => [key, value]),
  )
  t.equal(variables.url, 'http://localhost:5000')
  Object.assign(variables, { url, key: API_KEY })
  const filledIn = (text: string) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => variables[name])
  const auth = Object.fromEntries(collection.auth.apikey.map(({ key, value }) => [key, filledIn(value)]))
  t.equal(auth.in, 'header')

  for (const { name, request, event } of collection.item) {
    await t.test(name, async (t) => {
      const form = new FormData()
      for (const { key, src } of request.body?.formdata ?? []) form.set(key, new Blob([PICTURE]), src)
      const response = await fetch(filledIn(request.url), {
        method: request.method,
        headers: { [auth.key]: auth.value },
        body: request.body ? form : undefined,
      })
      const body: unknown = await response.json()
      const tests = event.flatMap(({ script }) => judge(script.exec.join('\n'), response.status, body))
      t.ok(tests.length > 0)
      t.throws(() => event.map(({ script }) => judge(script.exec.join('\n'), 500, {})), 'the tests can fail')
    })
  }
})
