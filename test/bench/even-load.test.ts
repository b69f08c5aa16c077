import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { fireEvenly } from '../../bench/even-load.js'

t.test(
  'requests are sent when they are due, however many wait for their answer; its time counts from then',
  async (t) => {
    const rate = 50
    let open = 0
    let most = 0
    let bytes = 0
    const server = createServer(async (request, response) => {
      most = Math.max(most, ++open)
      for await (const chunk of request) bytes += chunk.length
      const { url } = request
      if (request.headers['x-kind'] === 'slow') await sleep(200)
      open--
      response.writeHead(request.headers['x-kind'] === 'slow' ? 200 : 503).end(url)
    }).listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const forms = ['slow', 'refused'].map((kind) => ({ headers: { 'x-kind': kind }, body: Buffer.from(kind) }))
    const url = `http://127.0.0.1:${port}/`
    const answers = await fireEvenly({ url, forms, rate, seconds: 1, signal: new AbortController().signal })
    t.match(answers, { failed: 0, accepted: { length: 25 }, refused: { length: 25 } })
    t.ok(answers.seconds >= 49 / rate, 'not all at once')
    t.ok(most >= 3, `${most} were open at a time`)
    t.ok(answers.accepted.every((milliseconds) => milliseconds >= 199))
    t.equal(bytes, 25 * ('slow'.length + 'refused'.length))
  },
)

t.test('what is not answered has failed', async (t) => {
  const server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const forms = [{ headers: {}, body: Buffer.from('form') }]
  const url = `http://127.0.0.1:${port}/`
  const answers = await fireEvenly({ url, forms, rate: 100, seconds: 0.1, signal: new AbortController().signal })
  t.match(answers, { failed: 10, accepted: { length: 0 }, refused: { length: 0 } })
})
