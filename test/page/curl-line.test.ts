import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import t from 'tap'
import { curlLine } from '../../page/curl-line.js'

t.test('the line is as short as the documented one where nothing needs quoting', async (t) => {
  const fields = [['reference_image', { file: 'a.jpg' }] as const, ['live_image', { file: 'b.jpg' }] as const]
  const line = curlLine('http://localhost:5000/compare', fields, false)
  t.equal(line, 'curl -F reference_image=@a.jpg -F live_image=@b.jpg http://localhost:5000/compare')
})

t.test('a key is named and not shown', async (t) => {
  t.equal(curlLine('http://a/', [], true), 'curl -H "Authorization: Bearer $FACEMETRIC_API_KEY" http://a/')
})

t.test('a shell and curl send what was meant, whatever a file is called', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const received: string[] = []
  const server = createServer(async (request, response) => {
    received.push(`${request.headers.authorization} ${await text(request)}`)
    response.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const names = ['my photo.jpg', `it's.jpg`, 'a;type=x,b.jpg', '$(touch gone) `x`.jpg', 'quo"te\\.jpg', '-dash.jpg']
  for (const name of names) {
    await writeFile(path.join(folder, name), `contents of ${name}`)
    const fields = [['live_image', { file: name }] as const, ['faces', `@it's;type=x`] as const]
    const line = curlLine(`http://127.0.0.1:${port}/compare`, fields, true)
    await promisify(execFile)('sh', ['-c', line], {
      cwd: folder,
      env: { PATH: process.env.PATH, FACEMETRIC_API_KEY: 'k' },
    })
    const sent = received.pop() ?? ''
    t.match(sent, /^Bearer k /)
    t.ok(sent.includes(`contents of ${name}`), name)
    t.ok(sent.includes(`\r\n\r\n@it's;type=x\r\n`), name)
  }
})
