import path from 'node:path'
import t from 'tap'
import { writePortraits } from '../portraits.js'
import { skip } from './chromium.js'
import { writeFilm } from './photos.js'
import { card, compare, Visits, verdict } from './visit.js'

t.setTimeout(240_000)

/** A name that is no localhost, so that the browser does not trust what it gets from there. */
const INSECURE_HOST = 'facemetric.test'

/** What the window of the camera shows: null when the camera is off. */
const CAMERA_STREAM = `document.querySelector('#camera video').srcObject`

t.test('photos from the camera', { skip }, async (t) => {
  const film = path.join(t.testdir(), 'film.mjpeg')
  await writeFilm(film)
  const portraits = await writePortraits()
  const visits = await Visits.start(
    {},
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
    `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  )
  t.teardown(async () => {
    await visits.stop()
    await portraits.remove()
  })

  await t.test('somebody who looks into it is recognised', async (t) => {
    const { page, troubles, close } = await visits.open({ permissions: ['camera'] })
    await card(page, 'Reference photo').locator('input[type=file]').setInputFiles(portraits.path(5))
    await card(page, 'Live photo').getByRole('button', { name: 'Use camera' }).click()
    const window = page.getByRole('dialog', { name: 'Take the live photo' })
    await window.getByText('Fill the oval').waitFor()
    await window.getByRole('button', { name: 'Take the photo' }).click()
    await card(page, 'Live photo')
      .getByText(/camera\.jpg · \d+ × \d+/)
      .waitFor()
    t.equal(await window.isVisible(), false)
    await page.waitForFunction(`${CAMERA_STREAM} === null`)
    await compare(page)
    t.match(await verdict(page), /^The same person/)
    t.same(troubles, [])
    await close()
  })

  await t.test('Escape closes it, turns the camera off and leads back', async (t) => {
    const { page, troubles, close } = await visits.open({ permissions: ['camera'] })
    await card(page, 'Live photo').getByRole('button', { name: 'Use camera' }).click()
    await page.getByText('Fill the oval').waitFor()
    t.equal(await page.evaluate('document.activeElement.id'), 'shutter')
    await page.keyboard.press('Escape')
    // The window says that it was closed a moment after it is.
    await page.waitForFunction(`${CAMERA_STREAM} === null`)
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Use camera')
    t.same(troubles, [])
    await close()
  })

  await t.test('whoever does not allow it is told how to', async (t) => {
    const { page, troubles, close } = await visits.open({ permissions: [] })
    await card(page, 'Live photo').getByRole('button', { name: 'Use camera' }).click()
    await page.getByText('The browser may not use the camera').waitFor()
    t.ok(await page.getByRole('button', { name: 'Take the photo' }).isDisabled())
    t.same(troubles, [])
    await close()
  })

  await t.test('a page that came without HTTPS says why it offers none', async (t) => {
    const { port } = new URL(visits.service.url)
    const { page, troubles, close } = await visits.open({}, `http://${INSECURE_HOST}:${port}`)
    t.match(await page.locator('#no-camera').innerText(), /only to pages from https:\/\//)
    t.equal(await page.getByRole('button', { name: 'Use camera' }).count(), 0)
    t.same(troubles, [])
    await close()
  })
})
