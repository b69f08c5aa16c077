import t, { type Test } from 'tap'
import { UnavailableError } from '../../lib/errors.js'
import { appWith } from '../compare-app.js'
import { fakeEngine } from '../fake-engine.js'
import { formRequest, pictures } from '../forms.js'
import { isInjectedProblem } from '../problems.js'
import { formHead, RawConnection } from '../raw-request.js'

/** Requests of which the last waits as long to be refused as any. */
const MANY = 700

/** A service that refuses everything; `refused` fulfils when the next request that is not injected has been. */
async function startRefusing(t: Test, maxConnections = 1000) {
  const reserve = () => {
    throw new UnavailableError('busy', 'Too much to do.', 1)
  }
  const { app } = appWith(t, fakeEngine(undefined, { reserve }), { workers: 1, maxConnections })
  let tell = () => {}
  const refused = new Promise<void>((resolve) => {
    tell = resolve
  })
  app.addHook('onError', async ({ headers }) => {
    if (headers.host === 'test') tell()
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const form = await formRequest(pictures())
  const refuse = (count: number) => Promise.all(Array.from({ length: count }, () => app.inject(form)))
  return { url, refuse, refused }
}

/** How long `what` takes, in milliseconds. */
async function timed(what: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await what()
  return performance.now() - begun
}

/** The name of what is done first. */
function firstOf(work: Record<string, Promise<unknown>>): Promise<string> {
  return Promise.race(Object.entries(work).map(([name, done]) => done.then(() => name)))
}

t.test('those who ask again at once while there is no place are not refused ever faster', async (t) => {
  const { refuse } = await startRefusing(t)
  const begun = performance.now()
  const replies = await refuse(180)
  t.ok(performance.now() - begun >= 200, '60 at once, the others 600 a second')
  for (const reply of [replies[0], replies[179]]) {
    isInjectedProblem(t, reply, 'busy')
    t.match(reply.headers, { 'retry-after': '1', 'x-request-id': /^[\w-]{36}$/, 'x-content-type-options': 'nosniff' })
  }
})

t.test('whoever leaves while waiting to be refused is not waited for', async (t) => {
  const { url, refuse, refused } = await startRefusing(t)
  const others = refuse(MANY)
  const client = await RawConnection.open(url)
  await client.send(formHead(1000))
  setTimeout(() => client.socket.destroy(), 200)
  t.equal(await firstOf({ left: refused, others }), 'left')
  await others
})

t.test('nobody waits to be refused while more than half of the connections are in use', async (t) => {
  const { url, refuse } = await startRefusing(t, 5)
  const ask = async () => {
    const client = await RawConnection.open(url)
    t.teardown(() => client.socket.destroy())
    await client.send(formHead(1000))
    await client.until('"busy"')
  }
  const others = refuse(MANY)
  t.ok((await timed(() => Promise.all([ask(), ask()]))) > 500, 'two of five wait')
  await others
  const more = refuse(MANY)
  t.equal(await firstOf({ third: ask(), more }), 'third', 'the third does not')
  await more
})
