import type { Page } from 'playwright-core'
import t from 'tap'
import { skip } from './chromium.js'
import { writePhotos } from './photos.js'
import { Visits, verdict } from './visit.js'

t.setTimeout(240_000)

t.test('the whole page works with the keyboard alone', { skip }, async (t) => {
  const photos = await writePhotos(t.testdir())
  const visits = await Visits.start()
  t.teardown(() => visits.stop())
  const { page, troubles } = await visits.open()
  await page.locator('#readiness.ready').waitFor()

  const order = await tabOrder(page)
  t.match(order, [
    ...['Facemetric', 'From a program', 'Interface', /^Ready/, 'The same person', 'Two people', 'Several faces'],
    ...['reference-file', 'Use camera', 'live-file', 'Use camera', 'Options', 'Compare'],
  ])

  // From here on the browser asks the test for files; turned on in time, as it takes effect a moment later.
  page.on('filechooser', () => {})
  for (const [id, photo] of [
    ['reference-file', photos.reference],
    ['live-file', photos.samePerson],
  ]) {
    await tabTo(page, id)
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Enter')
    await (await chooser).setFiles(photo)
  }
  await tabTo(page, 'compare')
  await page.keyboard.press('Enter')
  t.match(await verdict(page), /^The same person/)
  t.equal(await page.evaluate('document.activeElement.id'), 'compare', 'the focus stays')

  await tabTo(page, 'The reply')
  await page.keyboard.press('Enter')
  t.ok(await page.getByRole('region', { name: 'The reply' }).isVisible())
  t.same(troubles, [])
})

/** What has the focus: its id, or its text. */
const FOCUSED = '((element) => element.id || element.textContent.trim())(document.activeElement)'

/** Whether the focus can be seen: on the element, or on the label that stands for it. */
const FOCUS_VISIBLE = `((element) => [element, element.nextElementSibling].some(
  (shown) => shown && getComputedStyle(shown).outlineStyle === 'solid' && Number.parseFloat(getComputedStyle(shown).outlineWidth) >= 2
))(document.activeElement)`

/** What the Tab key goes through, from the start of the page to the help for programs; fails where the focus is not seen. */
async function tabOrder(page: Page): Promise<string[]> {
  const order: string[] = []
  while (order.at(-1) !== 'Compare') {
    await page.keyboard.press('Tab')
    const name = await page.evaluate<string>(FOCUSED)
    if (!(await page.evaluate<boolean>(FOCUS_VISIBLE))) throw new Error(`the focus on ${name} is not seen`)
    order.push(name === 'compare' || name === 'readiness' ? await page.locator(`#${name}`).innerText() : name)
    if (order.length > 30) throw new Error(`no end: ${order.join(', ')}`)
  }
  return order
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate<string>(FOCUSED)) === name) return
  }
  throw new Error(`the Tab key does not lead to ${name}`)
}
