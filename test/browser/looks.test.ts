import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { skip } from './chromium.js'
import { writeFilm, writePhotos } from './photos.js'
import { accessibilityViolations, card, choose, compare, Visits, verdict } from './visit.js'

t.setTimeout(300_000)

/** For a look: git ignores it. */
const SCREENSHOTS = path.join(PACKAGE_ROOT, 'screenshots')

const WIDTHS = [360, 1440]
const THEMES = ['light', 'dark'] as const

t.test('the page is accessible and fits, in every state, theme and width', { skip }, async (t) => {
  mkdirSync(SCREENSHOTS, { recursive: true })
  const folder = t.testdir()
  const photos = await writePhotos(folder)
  const film = path.join(folder, 'film.mjpeg')
  await writeFilm(film)
  const visits = await Visits.start(
    {},
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  )
  t.teardown(() => visits.stop())

  /** What is on the page, by name, in the order in which a person might come to it. */
  const states: [string, (page: Page) => Promise<unknown>][] = [
    ['empty', (page) => page.locator('#readiness.ready').waitFor()],
    [
      'same',
      (page) =>
        page
          .getByRole('button', { name: 'The same person' })
          .click()
          .then(() => verdict(page)),
    ],
    [
      'different',
      (page) =>
        page
          .getByRole('button', { name: 'Two people' })
          .click()
          .then(() => verdict(page)),
    ],
    [
      'several',
      (page) =>
        page
          .getByRole('button', { name: 'Several faces' })
          .click()
          .then(() => verdict(page)),
    ],
    ['unfolded', unfold],
    [
      'problem',
      (page) =>
        choose(page, photos.reference, photos.wall)
          .then(() => compare(page))
          .then(() => verdict(page)),
    ],
    ['key', (page) => page.evaluate(`document.querySelector('#key-field').hidden = false`)],
    ['camera', openCamera],
  ]

  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      await t.test(`${colorScheme}, ${width} pixels`, async (t) => {
        const viewport = { width, height: 900 }
        const { page, close } = await visits.open({ colorScheme, viewport, permissions: ['camera'] })
        for (const [name, reach] of states) {
          await reach(page)
          t.same(await accessibilityViolations(page), [], `${name}: axe-core finds nothing`)
          t.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width, `${name}: it fits`)
          const file = path.join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`)
          await page.screenshot({ path: file, fullPage: name !== 'camera' })
        }
        await close()
      })
    }
  }
})

async function unfold(page: Page): Promise<void> {
  for (const summary of await page.locator('summary').all()) await summary.click()
}

async function openCamera(page: Page): Promise<void> {
  await card(page, 'Live photo').getByRole('button', { name: 'Use camera' }).click()
  await page.getByText('Fill the oval').waitFor()
}
