import t from 'tap'
import { skip } from './chromium.js'
import { Visits } from './visit.js'

t.setTimeout(300_000)

t.test(
  'the description of the interface can be read and tried, within the content security policy',
  { skip },
  async (t) => {
    const visits = await Visits.start()
    t.teardown(() => visits.stop())
    const visit = await visits.open()
    const { page, troubles } = visit
    await page.goto(`${visits.service.url}/docs`)
    const operation = page.locator('#operations-health-isReady')
    await operation.locator('button').first().click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.getByText('"status": "ready"').first().waitFor()
    await page.locator('#operations-faces-compare button').first().click()
    await page.getByText('Both photos were compared').waitFor()
    t.same(troubles, [])
    await visit.close()
  },
)
