import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { apiKeyOf, describeApiKey, makeApiKey } from '../../lib/api-keys.js'
import { skip } from './chromium.js'
import { writePhotos } from './photos.js'
import { card, choose, compare, Visits, verdict } from './visit.js'

t.setTimeout(240_000)

t.test('what goes wrong is said with what to do', { skip }, async (t) => {
  const photos = await writePhotos(t.testdir())
  const visits = await Visits.start()
  t.teardown(() => visits.stop())
  const onPage = (name: string, check: (t: Test, page: Page) => Promise<void>) =>
    t.test(name, async (t) => {
      const { page, troubles, close } = await visits.open()
      await check(t, page)
      t.same(troubles, [])
      await close()
    })

  await onPage('a photo without a face', async (t, page) => {
    await choose(page, photos.reference, photos.wall)
    await compare(page)
    t.match(await verdict(page), /^No face was found .*Come closer.*light/)
    t.match(await card(page, 'Live photo').locator('.wrong').innerText(), /No face was found/)
    t.equal(await page.locator('#live-file').getAttribute('aria-invalid'), 'true')
    t.equal(await card(page, 'Reference photo').locator('.wrong').isVisible(), false)
  })

  await onPage('files that are no photos', async (t, page) => {
    await choose(page, photos.letter, photos.samePerson)
    await compare(page)
    t.match(await verdict(page), /^The file is not an image that is accepted .*Send a JPEG/)
    await choose(page, photos.nothing, photos.samePerson)
    await compare(page)
    t.match(await verdict(page), /^The file is empty .*Choose another/)
    t.match(await card(page, 'Reference photo').locator('.wrong').innerText(), /empty/)
  })

  await onPage('a group where one face is asked for', async (t, page) => {
    await choose(page, photos.reference, photos.group)
    await page.getByText('Options', { exact: true }).click()
    await page.getByLabel('More than one face').selectOption('single')
    await compare(page)
    t.match(await verdict(page), /^More than one face was found .*Crop the photo/)
  })

  await onPage('a photo that is missing', async (t, page) => {
    await card(page, 'Reference photo').locator('input[type=file]').setInputFiles(photos.reference)
    await compare(page)
    t.match(await card(page, 'Live photo').locator('.wrong').innerText(), /Choose a photo/)
    t.equal(await page.evaluate('document.activeElement.id'), 'live-file')
  })

  await onPage('a service that is busy says when to come back', async (t, page) => {
    await page.route('**/compare', (route) =>
      route.fulfill({
        status: 503,
        headers: { 'content-type': 'application/problem+json', 'retry-after': '3' },
        json: { type: 'about:blank', title: 'Busy', status: 503, code: 'busy', detail: 'Busy.', error: 'Busy.' },
      }),
    )
    await choose(page, photos.reference, photos.samePerson)
    await compare(page)
    t.match(await verdict(page), /^Busy .*Many people are asking.* in 3 s/)
  })

  await onPage('a proxy that answers with a page of its own', async (t, page) => {
    await page.route('**/compare', (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }))
    await choose(page, photos.reference, photos.samePerson)
    await compare(page)
    t.match(await verdict(page), /^The service did not answer .*status 502/)
  })

  await onPage('a service that has gone away', async (t, page) => {
    await choose(page, photos.reference, photos.samePerson)
    await page.context().setOffline(true)
    await compare(page)
    t.match(await verdict(page), /^The service did not answer .*Is it still running/)
  })
})

t.test('a service that wants an API key', { skip }, async (t) => {
  const photos = await writePhotos(t.testdir())
  const key = makeApiKey()
  const visits = await Visits.start({ FACEMETRIC_API_KEYS: describeApiKey(apiKeyOf('page', key)) })
  t.teardown(() => visits.stop())
  const { page, troubles, close } = await visits.open()
  const field = page.getByLabel('API key', { exact: true })
  await field.waitFor()

  await choose(page, photos.reference, photos.samePerson)
  await compare(page)
  t.match(await verdict(page), /^An API key is needed/)
  t.equal(await page.evaluate('document.activeElement.id'), 'key')
  await field.fill(`${key}x`)
  await compare(page)
  await page.getByText('The service does not take this key').waitFor()

  await field.fill(key)
  await field.press('Enter')
  await page.getByRole('heading', { name: 'The same person' }).waitFor()
  t.notMatch(await page.locator('#evidence').innerText(), key)
  t.match(
    await page.locator('details', { hasText: 'with curl' }).locator('code').textContent(),
    'curl -H "Authorization: Bearer $FACEMETRIC_API_KEY" -F',
  )
  await page.reload()
  t.equal(await field.inputValue(), '', 'it is kept only if that is asked for')
  await field.fill(key)
  await page.getByLabel('Keep it').check()
  await page.reload()
  t.equal(await field.inputValue(), key)
  await page.getByLabel('Keep it').uncheck()
  t.equal(await page.evaluate('sessionStorage.length'), 0)
  t.same(troubles, [])
  await close()
})
