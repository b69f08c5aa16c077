import { rmSync } from 'node:fs'
import { chmod, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { isAlive, type SignOfLife, showLife } from './sign-of-life.js'
import { TempFiles } from './temp-files.js'

/** A folder gets this name once its owner listens in it: from then on, no sign of life means the owner is dead. */
const LIVE = 'live-'
/** The name it has for the moment before; no photo is ever in such a folder. */
const STARTING = 'new-'
/** How long a process may need between the two names. */
const STARTING_MS = 60_000

/** Folders that were not closed yet: a process that exits without doing so, as after a crash of its code, removes them too. */
const openFolders = new Set<string>()
process.on('exit', () => {
  // Other threads may still be writing a photo: until they are done the folder is not empty.
  for (const folder of openFolders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** A folder that belongs to this process alone and does not outlive it for longer than until the next start. */
export interface ProcessFolder {
  /** Absolute path; only the owner of the process may enter it. */
  readonly path: string
  /** How many folders of dead processes were removed. */
  readonly swept: number
  /** Files in it that belong together; there are none yet. */
  newFiles(): TempFiles
  /** Removes the folder and all that is in it. */
  close(): Promise<void>
}

/**
 * Makes a folder for this process below `parent`, which must exist, and removes those that processes of the same user left behind when they
 * were killed. All lie in `facemetric-<user id>`, which is made if it is absent and refused if it is not this user's.
 * @throws Error that names the folder and says why it cannot be used
 */
export async function openProcessFolder(parent: string): Promise<ProcessFolder> {
  const root = path.resolve(parent, `facemetric-${process.getuid?.() ?? 'user'}`)
  try {
    await makePrivate(root)
    const swept = await sweep(root)
    const { folder, life } = await claimFolder(root)
    openFolders.add(folder)
    let count = 0
    return {
      path: folder,
      swept,
      newFiles: () => new TempFiles(`${folder}${path.sep}${++count}-`),
      async close() {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 })
        life.end()
        openFolders.delete(folder)
      },
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Cannot keep temporary files in ${root} (setting FACEMETRIC_TEMP_DIR): ${reason}`, { cause: error })
  }
}

async function makePrivate(root: string): Promise<void> {
  await mkdir(root, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  // Anybody may have made something of this name in a shared /tmp before.
  const stats = await lstat(root)
  if (!stats.isDirectory()) throw new Error('it is a link or a file, not a folder')
  if (process.getuid && stats.uid !== process.getuid()) throw new Error('it belongs to another user')
  if (stats.mode & 0o077) await chmod(root, 0o700)
}

async function claimFolder(root: string): Promise<{ folder: string; life: SignOfLife }> {
  const starting = await mkdtemp(path.join(root, STARTING))
  const life = await showLife(starting)
  const folder = path.join(root, LIVE + path.basename(starting).slice(STARTING.length))
  await rename(starting, folder)
  return { folder, life }
}

async function sweep(root: string): Promise<number> {
  let swept = 0
  for (const name of await readdir(root)) {
    const folder = path.join(root, name)
    if (!(await isLeftOver(name, folder))) continue
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    swept++
  }
  return swept
}

async function isLeftOver(name: string, folder: string): Promise<boolean> {
  if (name.startsWith(LIVE)) return !(await isAlive(folder))
  if (!name.startsWith(STARTING)) return false
  const stats = await lstat(folder).catch(() => undefined)
  return stats !== undefined && Date.now() - stats.mtimeMs > STARTING_MS
}
