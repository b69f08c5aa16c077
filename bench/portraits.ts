import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { facePhoto, REAL_FACES } from '../test/real-faces.js'

/** As the photos of Labeled Faces in the Wild: side in pixels, side in sides of the face, JPEG quality. */
const SIDE = 250
const ZOOM = 2.2
const QUALITY = 90
/** The photo whose face is seen from the side: face-api does not find it, and finding nothing is soon done. */
const NOT_FOUND = 4

/**
 * Writes portraits of five people, cut from the photos that come with face-api, gives their paths to `use`, and removes them
 * after it, with all else that it put into their folder.
 */
export async function withPortraits<Result>(
  use: (portraits: readonly string[], folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'facemetric-bench-'))
  try {
    return await use(await writePortraits(folder), folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writePortraits(folder: string): Promise<string[]> {
  return Promise.all(
    REAL_FACES.filter(({ photo }) => photo !== NOT_FOUND).map(async (face, i) => {
      const file = path.join(folder, `portrait-${i + 1}.jpg`)
      const photo = await facePhoto(face, ZOOM)
      await photo.resize(SIDE, SIDE).jpeg({ quality: QUALITY }).toFile(file)
      return file
    }),
  )
}
