import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import t from 'tap'
import ts from 'typescript'
import { buildApp } from '../../app.js'
import { fakeEngine } from '../fake-engine.js'
import { PICTURE } from '../forms.js'

t.setTimeout(120_000)

/** What somebody writes who calls the service with types and client made of its description. */
const PROGRAM = `
import createClient from 'openapi-fetch'
import type { paths } from './types.js'

type Codes = paths['/compare']['post']['responses'][422]['content']['application/problem+json']['code']
const advice: Record<Codes, string> = {
  damaged_image: 'send it again', no_face: 'come closer', several_faces: 'come alone', low_quality: 'use more light',
}

export async function isSamePerson(baseUrl: string, reference: string, live: string): Promise<boolean | string> {
  const client = createClient<paths>({ baseUrl })
  const { data, error } = await client.POST('/compare', {
    body: { reference_image: reference, live_image: live, faces: 'single' },
  })
  if (data !== undefined) return data.identical && data.distance <= data.threshold
  const { code } = error
  if (code === 'no_face') return advice[code]
  return code
}

export async function engine(baseUrl: string): Promise<string | undefined> {
  const { data } = await createClient<paths>({ baseUrl }).GET('/health/ready')
  // @ts-expect-error there is no such key
  data?.nothing
  return data?.engine
}
`

t.test('types and client made of the description compile, and work', async (t) => {
  const folder = t.testdir({ 'package.json': '{"type":"module"}' })
  const app = buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: folder } })
  t.teardown(() => app.close())
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const types = await openapiTypescript(new URL('/openapi.json', url))
  writeFileSync(path.join(folder, 'types.ts'), astToString(types))
  const file = path.join(folder, 'program.ts')
  writeFileSync(file, PROGRAM)
  const program = ts.createProgram([file], {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
    skipLibCheck: true,
  })
  const emitted = program.emit()
  const complaints = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics]
  t.same(
    complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    [],
  )
  const { isSamePerson, engine } = await import(pathToFileURL(file.replace(/ts$/, 'js')).href)
  const photo = Buffer.from(PICTURE).toString('base64')
  t.equal(await isSamePerson(url, photo, photo), true)
  t.equal(await isSamePerson(url, photo, btoa('no photo')), 'unsupported_image_format')
  t.equal(await engine(url), 'onnx')
})
