import t from 'tap'
import { Value } from 'typebox/value'
import { buildApp } from '../../app.js'
import type { Config } from '../../lib/config.js'
import { rehearseRequests } from '../../lib/rehearsal/requests.js'
import { ComparisonSchema } from '../../schemas/compare.js'
import { requestFilesIn } from '../request-files.js'

t.test(
  'before a service is ready it has answered comparisons as it will those of clients, of copies too',
  async (t) => {
    const tempDir = t.testdir()
    const saved: number[] = []
    const answers: unknown[] = []
    await rehearseRequests((faceEngine) => {
      const app = buildApp({ config: { tempDir }, faceEngine, logStream: { write() {} } })
      app.addHook('preHandler', async () => void saved.push(requestFilesIn(tempDir).length))
      app.addHook('onSend', async (_request, _reply, payload) => void answers.push(JSON.parse(String(payload))))
      return app
    })
    t.same([...new Set(saved)], [2], 'both photos lay on disk')
    t.same(requestFilesIn(tempDir), [], 'and are gone')
    const copies = answers.map((answer) => Value.Parse(ComparisonSchema, answer).same_photo)
    for (const isCopy of [true, false]) t.ok(copies.filter((copy) => copy === isCopy).length > 1, `copies: ${isCopy}`)
  },
)

t.test('an app that does not compare what is made up is told of', async (t) => {
  const config: Partial<Config> = { tempDir: t.testdir(), apiKeys: 'somebody:of-whom-nobody-ever-heard' }
  const refused = rehearseRequests((faceEngine) => buildApp({ config, faceEngine, logStream: { write() {} } }))
  await t.rejects(refused, /answered with 401/)
})
