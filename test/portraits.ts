import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { demoPhotoPath, REAL_FACES } from './real-faces.js'

/** Real portraits, cut from face-api's group photos, as files in a folder of their own. */
export interface Portraits {
  readonly folder: string
  /** A JPEG of 250 x 250 pixels of person 0 to 5. */
  path(person: number): string
  remove(): Promise<void>
}

/** Side of a portrait in sides of the face in it, as in LFW. */
const ZOOM = 1.6

export async function writePortraits(): Promise<Portraits> {
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-test-'))
  const portraitPath = (person: number) => path.join(folder, `person-${person}.jpg`)
  for (const [person, { photo, x, y, side }] of REAL_FACES.entries()) {
    const cut = Math.round(side * ZOOM)
    const region = { left: Math.round(x - cut / 2), top: Math.round(y - cut / 2), width: cut, height: cut }
    await sharp(demoPhotoPath(photo)).extract(region).resize(250, 250).jpeg().toFile(portraitPath(person))
  }
  return { folder, path: portraitPath, remove: () => rm(folder, { recursive: true, force: true }) }
}
