import { readdirSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { buildApp } from '../../app.js'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { readCalibration } from '../../lib/verdict.js'
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
  t.notMatch(page.body, /<style|<script>| style=| on[a-z]+=/, 'a strict content security policy lets it work')

  const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address)
  t.ok(addresses.length > 3)
  for (const address of addresses) {
    t.notMatch(address, /^(https?:)?\/\//)
    const reply = await app.inject(new URL(address, 'http://test/').pathname)
    t.ok(reply.statusCode < 400, `${address}: ${reply.statusCode}`)
  }
})

t.test('every script and style sheet of the page is served, and nothing else that lies beside them', async (t) => {
  const files = readdirSync(path.join(PACKAGE_ROOT, 'dist', 'page'))
  for (const file of files) {
    const { statusCode, headers } = await app.inject(`/page/${file}`)
    t.equal(statusCode, /\.js(\.map)?$/.test(file) ? 200 : 404, file)
    if (file.endsWith('.js')) t.match(headers['content-type'], /^(text|application)\/javascript/)
  }
  const { body } = await app.inject('/style.css')
  const sheets = [...body.matchAll(/@import url\("([^"]+)"\)/g)].map(([, sheet]) => sheet)
  t.ok(sheets.length > 1)
  for (const sheet of sheets) t.match((await app.inject(`/${sheet}`)).headers['content-type'], /^text\/css/, sheet)
})

t.test('the page gets the table that it explains distances with', async (t) => {
  const { statusCode, headers, body } = await app.inject('/calibration.json')
  t.equal(statusCode, 200)
  t.match(headers['content-type'], /^application\/json/)
  t.same(JSON.parse(body), await readCalibration())
})

t.test('the page gets photos to try the service with', async (t) => {
  for (const name of ['reference', 'same-person', 'other-person', 'group']) {
    const { statusCode, headers, rawPayload } = await app.inject(`/samples/${name}.jpg`)
    t.equal(statusCode, 200)
    t.match(headers, { 'content-type': 'image/jpeg', 'cache-control': /max-age/ })
    t.equal((await sharp(rawPayload).metadata()).format, 'jpeg')
  }
  t.equal((await app.inject('/samples/nobody.jpg')).statusCode, 404)
})
