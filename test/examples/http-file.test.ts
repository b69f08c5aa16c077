import { readFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { appWith } from '../compare-app.js'
import { COMPARISON, fakeEngine } from '../fake-engine.js'
import { PICTURE } from '../forms.js'

/** Sends a request as it stands in a file for editors: a line `< ./name` is the content of that file. */
function send(block: string, file: Uint8Array): Promise<Response> {
  const [head, ...rest] = block.trim().split('\n\n')
  const [first, ...headers] = head.split('\n')
  const [method, url] = first.split(' ')
  const pieces = rest
    .join('\n\n')
    .split('\n')
    .flatMap((line) => [line.startsWith('< ./') ? file : Buffer.from(line), Buffer.from('\r\n')])
  return fetch(url, {
    method,
    headers: headers.map((line): [string, string] => {
      const [name, value] = line.split(': ')
      return [name, value]
    }),
    body: method === 'GET' ? undefined : new Blob(pieces.map((piece) => Uint8Array.from(piece))),
  })
}

t.test('the requests of the file for editors are answered', async (t) => {
  const { app } = appWith(t, fakeEngine())
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const text = readFileSync(path.join(PACKAGE_ROOT, 'examples', 'compare.http'), 'utf8')
  t.match(text, /^@url = http:\/\/localhost:5000$/m)
  const blocks = text.split(/^### .*\n/m).slice(1)
  const [compared, ready] = await Promise.all(blocks.map((block) => send(block.replaceAll('{{url}}', url), PICTURE)))
  t.same(await compared.json(), COMPARISON)
  t.match(await ready.json(), { status: 'ready' })
})
