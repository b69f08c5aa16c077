import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** A browser of the machine: the one that the variable CHROMIUM names, or the first of the usual ones. */
const CHROMIUM =
  process.env.CHROMIUM ??
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((program) => existsSync(program))

/** Why tests in a browser are left out; false where there is one. */
export const skip = CHROMIUM === undefined && 'there is no Chromium on this machine: install it, or name it in CHROMIUM'

/** Asks no host but those a page asks. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/** Starts it without a window and with an empty profile, which is gone when it is closed. */
export function launchChromium(...args: string[]): Promise<Browser> {
  // In a container, where tests run as root, its sandbox does not work.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...QUIET, ...args] })
}
