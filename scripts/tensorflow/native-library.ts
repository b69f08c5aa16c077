import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { downloadWheel, unpackWheel, type Wheel } from './wheel.js'

/** Beside the libraries: the SHA-256 of the wheel they came from, written last. */
const MARKER = 'wheel.sha256'

/** Whether deps/ of the tfjs-node in `packageFolder` holds all of that wheel. */
export async function hasNativeLibrary(packageFolder: string, wheel: Wheel): Promise<boolean> {
  const marker = await readFile(path.join(packageFolder, 'deps', MARKER), 'utf8').catch(() => undefined)
  return marker === wheel.sha256
}

/**
 * Fills deps/ of the tfjs-node in `packageFolder` from the wheel. All is made ready in a folder beside it and then renamed,
 * so deps/ is either what it was or whole.
 * @throws Error when the download fails or is not the right file
 */
export async function installNativeLibrary(packageFolder: string, wheel: Wheel): Promise<void> {
  const staging = path.join(packageFolder, 'deps.partial')
  const content = path.join(staging, 'deps')
  await rm(staging, { recursive: true, force: true })
  await mkdir(content, { recursive: true })
  try {
    const file = await downloadWheel(wheel, path.join(staging, 'download'))
    console.log('SHA-256 is right; unpacking the libraries (850 MB) and headers')
    await unpackWheel(file, content)
    await writeFile(path.join(content, MARKER), wheel.sha256)
    await rm(path.join(packageFolder, 'deps'), { recursive: true, force: true })
    await rename(content, path.join(packageFolder, 'deps'))
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}
