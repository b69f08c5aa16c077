import type { Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Comparison } from '../../schemas/compare.js'
import { skip } from './chromium.js'
import { writePhotos } from './photos.js'
import { bring, card, choose, compare, type Visit, Visits, verdict } from './visit.js'

t.setTimeout(240_000)

t.test('two photos on the page', { skip }, async (t) => {
  const photos = await writePhotos(t.testdir())
  const visits = await Visits.start()
  t.teardown(() => visits.stop())
  const onPage = (name: string, check: (t: Test, page: Page) => Promise<void>) =>
    t.test(name, async (t) => {
      const { page, troubles, close }: Visit = await visits.open()
      await check(t, page)
      t.same(troubles, [], 'no other host is asked, no policy violated, nothing goes wrong')
      await close()
    })

  await onPage(
    'are chosen: the answer comes in words, with its scale, its reply and its curl line',
    async (t, page) => {
      await choose(page, photos.reference, photos.samePerson)
      await compare(page)
      t.match(await verdict(page), /^The same person .* at most 1 of 200,000 pairs/)
      t.equal(await page.locator('#verdict').getAttribute('role'), 'status')

      const reply = await shownReply(page)
      t.equal(reply.identical, true)
      const scale = page.getByRole('img', { name: /On a scale/ })
      t.match(await scale.getAttribute('aria-label'), `distance ${reply.distance}, within ${reply.threshold}`)
      t.match(await page.locator('#evidence').innerText(), /takes 1 of 1,000 pairs of different people/)
      t.match(await page.locator('.timings').innerText(), /All of it, as seen from here\s+[\d.]+ ms/)
      t.equal(
        await page.locator('details', { hasText: 'with curl' }).locator('code').textContent(),
        `curl -F reference_image=@reference.jpg -F live_image=@same-person.jpg -F faces=largest ${visits.service.url}/compare`.replace(
          '-F faces',
          '--form-string faces',
        ),
      )
    },
  )

  await onPage('of two people are told apart', async (t, page) => {
    await choose(page, photos.reference, photos.otherPerson)
    await compare(page)
    t.match(await verdict(page), /^Not the same person/)
    t.match(await page.getByRole('img', { name: /On a scale/ }).getAttribute('aria-label'), /beyond/)
  })

  await onPage('are dropped into a card and pasted into the empty one', async (t, page) => {
    await bring(page, '#live', 'drop', photos.samePerson)
    await card(page, 'Live photo').getByText('same-person.jpg · 300 × 300').waitFor()
    await bring(page, 'body', 'paste', photos.reference)
    await card(page, 'Reference photo').getByText('reference.jpg · 640 × 640').waitFor()
    await compare(page)
    t.match(await verdict(page), /^The same person/)
  })

  await onPage('another photo takes back the former answer', async (t, page) => {
    await page.getByRole('button', { name: 'The same person' }).click()
    t.match(await verdict(page), /^The same person/)
    await page.getByRole('button', { name: 'Remove the live photo' }).click()
    t.equal(await page.locator('#verdict').innerText(), '')
    t.equal(await page.locator('#evidence').innerText(), '')
    t.equal(await page.locator('#live .faces > *').count(), 0)
  })

  await onPage('that a phone turned by its EXIF note is drawn on where the face is seen', async (t, page) => {
    await choose(page, photos.turned, photos.samePerson)
    await compare(page)
    t.match(await verdict(page), /^The same person/)
    const { width, height } = (await shownReply(page)).reference_image
    t.same([width, height], [440, 640])
    const image = card(page, 'Reference photo').getByRole('img', { name: 'Reference' })
    t.same(
      await page.evaluate(
        '((image) => [image.naturalWidth, image.naturalHeight])(document.querySelector("#reference .shown img"))',
      ),
      [width, height],
    )
    // The eyes of the drawing lie where those of the photo are shown: it is fitted into the middle of its place.
    const place = await boxOf(image)
    const scale = Math.min(place.width / width, place.height / height)
    const left = place.x + (place.width - width * scale) / 2
    const top = place.y + (place.height - height * scale) / 2
    const point = (await shownReply(page)).reference_image.face.points.left_eye_outer
    const drawn = await boxOf(card(page, 'Reference photo').locator('.faces circle').nth(3))
    t.ok(Math.abs(drawn.x + drawn.width / 2 - left - point.x * scale) < 1, 'across')
    t.ok(Math.abs(drawn.y + drawn.height / 2 - top - point.y * scale) < 1, 'down')
  })

  await onPage('with several faces show which one counts', async (t, page) => {
    await page.getByRole('button', { name: 'Several faces' }).click()
    await verdict(page)
    const { faces, others } = (await shownReply(page)).live_image
    t.ok(faces > 2)
    t.equal(await card(page, 'Live photo').locator('.faces .other.over').count(), others.length)
    t.equal(await card(page, 'Live photo').locator('.faces .main.over').count(), 1)
    t.equal(await card(page, 'Live photo').locator('.faces text').textContent(), 'counts')
    t.equal(await card(page, 'Reference photo').locator('.faces text').count(), 0)
  })

  await onPage('obey the options, and the curl line tells them', async (t, page) => {
    await choose(page, photos.reference, photos.samePerson)
    await page.getByText('Options', { exact: true }).click()
    await page.getByLabel('Threshold').fill('0.01')
    await page.getByLabel('More than one face').selectOption('any')
    await compare(page)
    t.match(await verdict(page), /^Not the same person/)
    t.equal((await shownReply(page)).threshold, 0.01)
    const line = await page.locator('details', { hasText: 'with curl' }).locator('code').textContent()
    t.match(line, /--form-string threshold=0\.01/)
    t.match(line, /--form-string faces=any/)
  })

  await onPage('are shrunk in the browser if that is asked for, and only then', async (t, page) => {
    await choose(page, photos.twelveMegapixels, photos.samePerson)
    await compare(page)
    await verdict(page)
    const whole = (await shownReply(page)).reference_image
    t.same([whole.width, whole.height], [4000, 3000])
    await page.getByText('Options', { exact: true }).click()
    await page.getByLabel('Shrink large photos').check()
    await compare(page)
    t.match(await verdict(page), /same person/)
    const { reference_image, live_image } = await shownReply(page)
    t.same([reference_image.width, reference_image.height], [1633, 1225])
    t.same([live_image.width, live_image.height], [300, 300], 'a small one stays as it is')
  })

  await onPage('that the browser cannot show are compared nevertheless', async (t, page) => {
    await choose(page, photos.scan, photos.samePerson)
    await card(page, 'Reference photo').getByText('cannot show it').waitFor()
    await compare(page)
    t.match(await verdict(page), /^The same person/)
  })

  await t.test('are compared without JavaScript too', async (t) => {
    const { page, close } = await visits.open({ javaScriptEnabled: false })
    await page.locator('#reference-file').setInputFiles(photos.reference)
    await page.locator('#live-file').setInputFiles(photos.samePerson)
    await page.locator('#compare').click()
    await page.getByText('"identical":true').waitFor()
    t.match(page.url(), /\/compare$/)
    await close()
  })
})

async function shownReply(page: Page): Promise<Comparison> {
  const shown = page.locator('details', { hasText: 'The reply' }).locator('code')
  return JSON.parse((await shown.textContent()) ?? '')
}

async function boxOf(element: Locator) {
  return (await element.boundingBox())!
}
