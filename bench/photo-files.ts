import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { type PairList, type PhotoId, photoStem } from './lfw-pairs.js'

/** A photo of the set and the file it lies in. */
export interface PhotoFile {
  /** `person/person_0001` */
  readonly stem: string
  readonly person: string
  readonly path: string
}

/**
 * Finds the file of every photo that the pairs name, each once: `folder/person/person_0001` with any extension.
 * @throws Error naming the folder that is absent, or the first photo that is and how many are
 */
export async function findPhotos({ pairs }: PairList, folder: string): Promise<PhotoFile[]> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new Error(`${folder} is not a folder that can be read`)
  const wanted = new Map<string, PhotoId>()
  for (const { first, second } of pairs) for (const photo of [first, second]) wanted.set(photoStem(photo), photo)

  const persons = new Set([...wanted.values()].map(({ person }) => person))
  const files = new Map<string, string>()
  for (const person of persons) {
    const names = await readdir(path.join(folder, person)).catch(() => [])
    for (const name of names) files.set(`${person}/${path.parse(name).name}`, path.join(folder, person, name))
  }

  const missing = [...wanted.keys()].filter((stem) => !files.has(stem))
  if (missing.length > 0) {
    const all = missing.length > 1 ? ` (${missing.length} photos are missing)` : ''
    throw new Error(`${path.join(folder, missing[0])}.* is not there${all}`)
  }
  return [...wanted].map(([stem, { person }]) => ({ stem, person, path: files.get(stem)! }))
}
