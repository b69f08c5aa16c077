import { readFileSync } from 'node:fs'
import path from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { Service } from '../service.js'
import { launchChromium } from './chromium.js'

/** The least a page of the service needs; the test fails where the page needs more, whatever the service allows. */
const STRICT_POLICY = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'"

/** What may not happen on the page: requests to other hosts, violations of the content security policy, errors. */
export interface Visit {
  readonly page: Page
  readonly troubles: string[]
  close(): Promise<void>
}

/** A service and a browser, for the tests of a file. */
export class Visits {
  private constructor(
    readonly service: Service,
    readonly browser: Browser,
  ) {}

  static async start(env: Record<string, string> = {}, ...browserArgs: string[]): Promise<Visits> {
    const service = await Service.start({ env: { FACEMETRIC_WORKERS: '1', ...env } })
    return new Visits(service, await launchChromium(...browserArgs))
  }

  /** Opens the page as somebody who was never there. */
  async open(options: BrowserContextOptions = {}, url = this.service.url): Promise<Visit> {
    const context = await this.browser.newContext({ reducedMotion: 'reduce', ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    const troubles: string[] = []
    const { host } = new URL(url)
    page.on('request', (request) => {
      const asked = new URL(request.url())
      if (asked.protocol.startsWith('http') && asked.host !== host) troubles.push(`a request to ${asked.host}`)
    })
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('console', (message) => {
      // The browser also reports replies that are errors by their status; those are the page's to handle.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        troubles.push(message.text())
      }
    })
    await page.route(`${this.service.url}/`, async (route) => {
      const response = await route.fetch()
      // Two policies hold together: the service's own, if it sends one, and this.
      const policies = [response.headers()['content-security-policy'], STRICT_POLICY].filter(Boolean).join(', ')
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policies } })
    })
    await page.goto(`${url}/`)
    return { page, troubles, close: () => context.close() }
  }

  async stop(): Promise<void> {
    await this.browser.close()
    await this.service.stop()
  }
}

/** The card of a photo on the page. */
export function card(page: Page, name: 'Reference photo' | 'Live photo'): Locator {
  return page.getByRole('region', { name })
}

/** Puts files where a person chooses them. */
export async function choose(page: Page, reference: string, live: string): Promise<void> {
  await card(page, 'Reference photo').locator('input[type=file]').setInputFiles(reference)
  await card(page, 'Live photo').locator('input[type=file]').setInputFiles(live)
}

export async function compare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compare' }).click()
}

/** The live region: what a screen reader says when the answer comes. Waits until there is one. */
export async function verdict(page: Page): Promise<string> {
  await page.locator('#verdict:not(.busy) h2').waitFor()
  return (await page.locator('#verdict').innerText()).replace(/\s+/g, ' ').trim()
}

/** What axe-core finds wrong for people with disabilities: each rule with the elements that break it. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`)
}

/** Drops or pastes a file onto an element, as far as scripts can: Chromium has no other way to do it without hands. */
export async function bring(page: Page, selector: string, event: 'drop' | 'paste', file: string): Promise<void> {
  const about = { selector, event, name: path.basename(file), base64: readFileSync(file).toString('base64') }
  await page.evaluate(`(({ selector, event, name, base64 }) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name))
    const about = { bubbles: true, cancelable: true, dataTransfer: transfer, clipboardData: transfer }
    const kind = event === 'drop' ? DragEvent : ClipboardEvent
    document.querySelector(selector).dispatchEvent(new kind(event, about))
  })(${JSON.stringify(about)})`)
}
