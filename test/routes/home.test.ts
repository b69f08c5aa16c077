import t from 'tap'
import { buildApp } from '../../app.js'
import { CompareFormSchema } from '../../schemas/compare.js'
import { fakeEngine } from '../fake-engine.js'

const app = buildApp({ faceEngine: fakeEngine(), config: { logLevel: 'silent', tempDir: t.testdir() } })
t.teardown(() => app.close())

t.test('the page has a form for the fields of the service and loads nothing from elsewhere', async (t) => {
  const page = await app.inject('/')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], /^text\/html/)
  t.match(page.body, /<form[^>]* action="compare" method="post" enctype="multipart\/form-data">/)
  const names = [...page.body.matchAll(/ name="([a-z_]+)"/g)].map(([, name]) => name)
  for (const field of ['reference_image', 'live_image', 'faces']) t.ok(names.includes(field), field)
  for (const name of names)
    t.ok(name in CompareFormSchema.properties || name === 'viewport' || name === 'color-scheme', name)
  t.match(page.body, /curl -F reference_image=@/)

  const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  t.ok(addresses.length > 3)
  for (const address of addresses.filter((item) => item !== 'data:,')) {
    t.notMatch(address, /^(https?:)?\/\//)
    const reply = await app.inject(`/${address}`)
    t.ok(reply.statusCode < 400, `${address}: ${reply.statusCode}`)
  }
})
