import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { detectFormat } from '../../lib/image/format.js'

/** The photos that a command line names. */
export interface NamedPhotos {
  readonly paths: readonly string[]
  /** Whether it names one photo: then the answer is about a pair, however many there are in a folder. */
  readonly single: boolean
}

/**
 * The photos to be checked: files as they are named; of folders and patterns those that are photos, by their first bytes,
 * in the order of their names and without the reference photo.
 * @throws Error where there is nothing to be read; it is told before seconds go by for loading the networks
 */
export async function findPhotos(names: readonly string[], reference: string): Promise<NamedPhotos> {
  const own = await realpath(reference)
  const found: string[] = []
  let single = names.length === 1
  for (const name of names) {
    const kind = await kindOf(name)
    if (kind === 'file') {
      found.push(name)
      continue
    }
    single = false
    const files = kind === 'folder' ? await filesOf(name) : await glob(name, { absolute: path.isAbsolute(name) })
    const photos = await only(files.sort(), async (file) => (await isPhoto(file)) && (await realpath(file)) !== own)
    if (photos.length === 0) {
      throw new Error(kind === 'folder' ? `there is no photo in the folder ${name}` : `no photo matches '${name}'`)
    }
    found.push(...photos)
  }
  return { paths: [...new Set(found)], single }
}

/** @throws Error unless it is a file */
export async function checkIsFile(name: string): Promise<void> {
  if ((await kindOf(name)) !== 'file') throw new Error(`cannot read ${name}: it is a folder`)
}

async function kindOf(name: string): Promise<'file' | 'folder' | 'pattern'> {
  const stats = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && isDynamicPattern(name)) return undefined
    throw new Error(`cannot read ${name}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`)
  })
  if (stats === undefined) return 'pattern'
  if (!stats.isFile() && !stats.isDirectory()) throw new Error(`cannot read ${name}: it is no file`)
  return stats.isFile() ? 'file' : 'folder'
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => path.join(folder, name))
}

async function isPhoto(file: string): Promise<boolean> {
  return detectFormat(file).then(
    () => true,
    () => false,
  )
}

async function only(names: readonly string[], keep: (name: string) => Promise<boolean>): Promise<string[]> {
  const kept: string[] = []
  for (const name of names) if (await keep(name)) kept.push(name)
  return kept
}
